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

/** Answers are given at multiples of it only: more than a hash takes on a laptop, and less than anybody minds. */
const STEP_MS = 500;

/** Where no answer may tell which addresses have an account, none does by the time it takes either. */
@Injectable()
export class SteadyTime implements NestInterceptor {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  intercept(_: ExecutionContext, next: CallHandler): Observable<unknown> {
    return this.config.auth.preventEnumeration ? from(steadied(next)) : next.handle();
  }
}

/** The same whatever the configuration: for an answer that promises to be the same for every address. */
@Injectable()
export class AlwaysSteadyTime implements NestInterceptor {
  intercept(_: ExecutionContext, next: CallHandler): Observable<unknown> {
    return from(steadied(next));
  }
}

async function steadied(next: CallHandler): Promise<unknown> {
  const began = performance.now();
  const [outcome] = await Promise.allSettled([lastValueFrom(next.handle())]);
  await pause(STEP_MS - ((performance.now() - began) % STEP_MS));
  if (outcome.status === 'rejected') throw outcome.reason;
  return outcome.value;
}
