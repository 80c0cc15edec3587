import { Inject, Injectable } from '@nestjs/common';
import { ApiError } from '../../http/errors/api-error.js';
import {
  AccountExists,
  IDENTITY,
  type IdentityProvider,
  UsernameTaken,
} from '../../platform/identity/identity-provider.js';
import { IdSource } from '../../platform/ids.js';
import { AccountsService } from '../users/accounts.service.js';
import { USERNAME_TAKEN } from '../users/users.errors.js';
import { AUTH_REGISTRATION_CLOSED, AUTH_USER_EXISTS } from './auth.errors.js';
import type { RegisterDto, RegisteredResponse } from './dto/auth.dto.js';
import { PasswordRules } from './password-rules.js';

@Injectable()
export class RegistrationService {
  constructor(
    @Inject(IDENTITY) private readonly identity: IdentityProvider,
    private readonly accounts: AccountsService,
    private readonly passwords: PasswordRules,
    private readonly ids: IdSource,
  ) {}

  async register({ email, username, password, name }: RegisterDto): Promise<RegisteredResponse> {
    if (!this.accounts.mayRegister(email)) throw new ApiError(AUTH_REGISTRATION_CLOSED);
    this.passwords.assert('password', password);
    const userId = this.ids.next();
    try {
      await this.accounts.create({ userId, email, username, name }, (rows) =>
        this.identity.register({ sub: userId, email, username, password }, rows),
      );
    } catch (error) {
      if (error instanceof AccountExists) throw new ApiError(AUTH_USER_EXISTS);
      if (error instanceof UsernameTaken) throw new ApiError(USERNAME_TAKEN);
      throw error;
    }
    return { userId, email, confirmed: true };
  }
}
