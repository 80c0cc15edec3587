import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/config.js';
import { ApiError } from '../../http/errors/api-error.js';
import { JsonLogger } from '../../platform/logger.js';
import { SuppressionList } from '../../platform/mail/suppression-list.js';
import { SnsMessages, type SnsMessage } from './sns.js';
import { WEBHOOK_REFUSED } from './webhooks.errors.js';

/** As SES writes it, under `notificationType` or, from a configuration set, `eventType`. */
interface SesReport {
  readonly notificationType?: string;
  readonly eventType?: string;
  readonly bounce?: { readonly bounceType?: string; readonly bouncedRecipients?: readonly Recipient[] };
  readonly complaint?: { readonly complainedRecipients?: readonly Recipient[] };
}

interface Recipient {
  readonly emailAddress?: unknown;
}

/** Takes from SES, by SNS, which addresses bounce or complain. */
@Injectable()
export class SesReportsService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly sns: SnsMessages,
    private readonly suppressed: SuppressionList,
    private readonly logger: JsonLogger,
  ) {}

  async take(message: SnsMessage): Promise<void> {
    const expected = this.config.mail.topicArn;
    const genuine = expected === message.TopicArn && (await this.sns.isGenuine(message));
    if (!genuine) throw new ApiError(WEBHOOK_REFUSED);
    if (message.Type === 'SubscriptionConfirmation') {
      if (!(await this.sns.confirm(message))) throw new ApiError(WEBHOOK_REFUSED);
    } else if (message.Type === 'Notification') {
      await this.suppress(message.Message);
    }
  }

  private async suppress(text: string): Promise<void> {
    const { notificationType, eventType, bounce, complaint } = parsed(text);
    const kind = notificationType ?? eventType;
    if (kind === 'Bounce' && bounce?.bounceType === 'Permanent') {
      for (const address of addressesOf(bounce.bouncedRecipients))
        await this.suppressed.add(address, 'bounce');
    }
    if (kind === 'Complaint') {
      for (const address of addressesOf(complaint?.complainedRecipients))
        await this.suppressed.add(address, 'complaint');
    }
    this.logger.write('info', { message: 'SES reported', kind, bounceType: bounce?.bounceType });
  }
}

/** SES also sends a line of plain text when a topic is set. */
function parsed(text: string): SesReport {
  try {
    return (JSON.parse(text) as SesReport | null) ?? {};
  } catch {
    return {};
  }
}

const addressesOf = (recipients: readonly Recipient[] = []): readonly string[] =>
  recipients.flatMap(({ emailAddress }) => (typeof emailAddress === 'string' ? [emailAddress] : []));
