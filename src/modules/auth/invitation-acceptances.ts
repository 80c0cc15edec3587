import { Injectable } from '@nestjs/common';
import type { UnadmittedUser } from '../../http/access/access.decorators.js';
import { ApiError } from '../../http/errors/api-error.js';
import { untilCurrent } from '../../platform/dynamodb/faults.js';
import { AuditTrail } from '../audit/audit-trail.js';
import { InvitesService } from '../invites/invites.service.js';
import { AccountsService } from '../users/accounts.service.js';
import { AdmissionsService } from '../users/admissions.service.js';
import { AUTH_INVITE_INVALID } from './auth.errors.js';

/** Lets in somebody who has an account at the identity provider and none here, by an invitation. */
@Injectable()
export class InvitationAcceptances {
  constructor(
    private readonly admissions: AdmissionsService,
    private readonly accounts: AccountsService,
    private readonly invites: InvitesService,
    private readonly audit: AuditTrail,
  ) {}

  /** @throws {ApiError} AUTH_INVITE_INVALID, USER_EXISTS @throws {NotAdmitted} while the address is not confirmed */
  async accept({ sub, username }: UnadmittedUser, code: string): Promise<void> {
    const invitation = async (email: string) => {
      const granted = await this.invites.grant(code, email, { isFinal: true });
      if (!granted) throw new ApiError(AUTH_INVITE_INVALID);
      return granted;
    };
    await untilCurrent(() => this.admissions.accept(sub, username, invitation));
    this.accounts.changed(sub);
    await this.audit.record(sub, 'invitation-accepted');
  }
}
