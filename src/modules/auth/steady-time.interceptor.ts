import { setTimeout as pause } from 'node:timers/promises';
import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { CONFIG, type Config } from '../../config/config.js';

/** More than a hash and a mail take: below it all answers look alike. */
const FLOOR_MS = 500;

/** Where no answer may tell which addresses have an account, none does by the time it takes either. */
@Injectable()
export class SteadyTime implements NestInterceptor {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  intercept(_: ExecutionContext, next: CallHandler): Observable<unknown> {
    return this.config.auth.preventEnumeration ? from(steadied(next)) : next.handle();
  }
}

async function steadied(next: CallHandler): Promise<unknown> {
  const [, outcome] = await Promise.allSettled([pause(FLOOR_MS), lastValueFrom(next.handle())]);
  if (outcome.status === 'rejected') throw outcome.reason;
  return outcome.value;
}
