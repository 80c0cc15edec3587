import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, it } from '@jest/globals';
import { Test } from '@nestjs/testing';
import { Secret, TOTP } from 'otpauth';
import { AppModule } from '../../src/app.module.js';
import { type Config, loadConfig } from '../../src/config/config.js';
import { PasswordsService } from '../../src/modules/auth/passwords.service.js';
import { RegistrationService } from '../../src/modules/auth/registration.service.js';
import { SecondFactorService } from '../../src/modules/auth/second-factor.service.js';
import { SignInService } from '../../src/modules/auth/sign-in.service.js';
import type { CurrentUser } from '../../src/http/access/access.decorators.js';
import { CURRENT_COST } from '../../src/platform/identity/local/password.js';
import { JsonLogger } from '../../src/platform/logger.js';
import { type Mail, MAIL_TRANSPORT } from '../../src/platform/mail/mailer.js';
import { WHOLE_APP } from '../../src/whole-app.js';
import { COGNITO_CODE, CognitoPool } from './cognito.js';
import { isolatedEnvironment } from './environment.js';
import { claimsOf } from './tokens.js';

const RUNS = Number(process.env['TAKEOVER_RUNS'] ?? 2000);
const AT_ONCE = 8;
const STEPS = 6;
/** What matters most comes more often. */
const LIKELY = [
  'register',
  'register',
  'confirm',
  'confirm',
  'resend',
  'forgot',
  'reset',
  'reset',
  'login',
  'enrol',
  'confirmAtPool',
];

Object.assign(CURRENT_COST, { N: 16, p: 1 });

/** The address in OWNER_EMAIL of the interleaving that is running. */
const ownerEmail = new AsyncLocalStorage<string | undefined>();

/** Everybody's mailbox. */
class Mailboxes {
  private readonly mails = new Map<string, string[]>();

  async deliver({ to, text }: Mail): Promise<void> {
    this.mails.set(to, [...this.of(to), text]);
  }

  async forget(): Promise<void> {}

  of(address: string): readonly string[] {
    return this.mails.get(address) ?? [];
  }
}

export interface Setting {
  readonly provider: 'local' | 'cognito';
  readonly mode: 'open' | 'invite' | 'closed';
  readonly confirmation: 'required' | 'off';
}

interface Services {
  readonly registration: RegistrationService;
  readonly signIn: SignInService;
  readonly passwords: PasswordsService;
  readonly factors: SecondFactorService;
  readonly mailboxes: Mailboxes;
}

async function start({ provider, mode, confirmation }: Setting, preventEnumeration: boolean) {
  const pool = provider === 'cognito' ? await CognitoPool.start() : undefined;
  const environment = await isolatedEnvironment({
    REGISTRATION_MODE: mode,
    AUTH_EMAIL_CONFIRMATION: confirmation,
    AUTH_PREVENT_ENUMERATION: String(preventEnumeration && confirmation === 'required'),
    SIGN_IN_FREE_FAILURES: '1000000',
    ...pool?.environment,
  });
  const known = loadConfig(environment);
  const auth = Object.defineProperty({ ...known.auth }, 'ownerEmail', { get: () => ownerEmail.getStore() });
  const config: Config = { ...known, auth };
  const mailboxes = new Mailboxes();
  const logger = new JsonLogger('error', () => undefined);
  const options = { config, logger, docsDirectory: '', modules: WHOLE_APP };
  const testing = await Test.createTestingModule({ imports: [AppModule.with(options)] })
    .overrideProvider(MAIL_TRANSPORT)
    .useValue(mailboxes)
    .compile();
  await testing.init();
  const get = <T>(type: new (...args: never[]) => T): T => testing.get(type, { strict: false });
  const services: Services = {
    registration: get(RegistrationService),
    signIn: get(SignInService),
    passwords: get(PasswordsService),
    factors: get(SecondFactorService),
    mailboxes,
  };
  return {
    services,
    codeOf: (text: string) => (pool ? COGNITO_CODE : /^(\d{6})$/m.exec(text)?.[1]),
    mailsTo: (email: string) => (pool ? ['a code'] : mailboxes.of(email)),
    // The emulator writes all its users with each change: a hundred times as many would take a hundred times as long.
    /** The owner follows what the pool's mail says, past this API. */
    confirmAtPool: async (email: string) => {
      const reply = await pool?.callDirectly('ConfirmSignUp', {
        ClientId: pool.clientId,
        Username: email,
        ConfirmationCode: COGNITO_CODE,
      });
      if (reply?.status !== 200) throw new Error('The pool refuses');
    },
    forget: async (email: string) => {
      await pool?.callDirectly('AdminDeleteUser', { UserPoolId: pool.poolId, Username: email });
    },
    stop: async () => {
      await testing.close();
      await pool?.stop();
    },
  };
}

type Started = Awaited<ReturnType<typeof start>>;

/** A small random generator, so that a failure can be run again by its seed. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One of the two who want the address: only the owner reads its mail. */
class Actor {
  password: string;
  token: string | undefined;
  refreshTokens: string[] = [];
  user: CurrentUser | undefined;
  secret: string | undefined;
  private networks = 0;

  constructor(
    readonly name: string,
    private readonly network: string,
  ) {
    this.password = `${name}-Passw0rd!`;
  }

  origin() {
    this.networks += 1;
    return { address: `${this.network}.${this.networks % 200}`, userAgent: this.name };
  }
}

/** One interleaving. @returns what must not have happened, and whether the owner has shown the address to be theirs */
async function interleave(
  started: Started,
  setting: Setting,
  seed: number,
): Promise<{ readonly faults: readonly string[]; readonly isProven: boolean }> {
  const random = generator(seed);
  const pick = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)] as T;
  const { registration, signIn, passwords, factors } = started.services;
  const email = `seed-${seed}-${setting.mode}@example.com`;
  const username = `name-${seed}`;
  const owner = new Actor('Owner', '127.10.0');
  const attacker = new Actor('Attacker', '127.20.0');
  const history: string[] = [];
  let proven: 'confirmation' | 'reset' | undefined;

  const outcomeOf = async (work: () => Promise<unknown>): Promise<boolean> => {
    try {
      await work();
      return true;
    } catch (error) {
      if ((error as Error).constructor.name === 'TypeError') throw error;
      return false;
    }
  };
  const login = async (actor: Actor) => {
    const outcome = await signIn.login({ email, password: actor.password }, actor.origin());
    if ('challenge' in outcome) return outcome.challenge;
    actor.refreshTokens.push(outcome.refreshToken ?? '');
    const { sub, origin_jti: sessionId, auth_time: signedInAt } = claimsOf(outcome.accessToken);
    actor.user = {
      id: String(sub),
      role: outcome.user.role,
      sessionId: String(sessionId),
      accessToken: outcome.accessToken,
      signedInAt: Number(signedInAt),
    };
    return outcome.user;
  };
  const steps: Record<string, (actor: Actor) => Promise<unknown>> = {
    register: async (actor) => {
      const body = { email, password: actor.password, name: actor.name, username };
      const answer = await registration.register(body, actor.origin());
      const data = 'body' in answer ? answer.body : answer;
      actor.token = (data as { registrationToken: string }).registrationToken;
    },
    confirm: async (actor) => {
      const mails = started.mailsTo(email);
      const guess =
        actor === owner ? started.codeOf(pick(mails.length > 0 ? mails.slice(-2) : [''])) : '000000';
      const registrationToken = actor.token ?? 'none';
      await registration.confirm({ email, code: guess ?? '000000', registrationToken }, actor.origin());
      if (actor === owner) proven ??= 'confirmation';
      else throw new TypeError('The attacker confirmed an address whose mail they do not read');
    },
    confirmAtPool: async (actor) => {
      if (actor === owner) await started.confirmAtPool(email);
    },
    resend: (actor) => registration.resend(email, actor.origin()),
    forgot: (actor) => passwords.startReset(email, actor.origin()),
    reset: async (actor) => {
      const text = pick(started.mailsTo(email).length > 0 ? started.mailsTo(email) : ['']);
      const code = actor === owner ? (started.codeOf(text) ?? '000000') : '000000';
      const token = actor === owner ? /token=([\w.-]+)/.exec(text)?.[1] : undefined;
      const newPassword = `${actor.name}-N3w-Passw0rd!`;
      const reset =
        token !== undefined && random() < 0.5 ? { token, newPassword } : { email, code, newPassword };
      await passwords.finishReset(reset, actor.origin());
      if (actor !== owner) throw new TypeError('The attacker reset a password whose mail they do not read');
      actor.password = newPassword;
      proven = 'reset';
    },
    login,
    enrol: async (actor) => {
      if (!actor.user) return;
      const { secret } = await factors.enrol(actor.user, {}, actor.origin());
      const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate();
      await factors.enable(actor.user, code, actor.origin());
      actor.secret = secret;
    },
  };

  const plan = ['register', ...Array.from({ length: STEPS - 1 }, () => pick(LIKELY))];
  for (const step of plan) {
    const actor = pick([owner, attacker]);
    const done = await outcomeOf(async () => steps[step]?.(actor));
    history.push(`${actor.name} ${step}: ${done ? 'done' : 'refused'}`);
  }

  const faults: string[] = [];
  const attackersLogin = await login(attacker).catch(() => 'refused');
  const isOwners = ownerEmail.getStore() === email;
  if (typeof attackersLogin === 'object' && attackersLogin.role === 'owner' && isOwners)
    faults.push('the attacker has the role of the owner');
  if (setting.confirmation === 'required' && attackersLogin !== 'refused')
    faults.push('the attacker signs in to an address whose mail they do not read');
  if (proven) {
    if (attackersLogin !== 'refused') faults.push('the attacker’s password opens the account');
    for (const token of attacker.refreshTokens)
      if (await outcomeOf(() => signIn.refresh(token, attacker.origin())))
        faults.push('a session of the attacker goes on');
    const ownersLogin = await login(owner).catch((error: Error) => `refused: ${error.message}`);
    if (ownersLogin === 'SOFTWARE_TOKEN_MFA' && owner.secret === undefined)
      faults.push('the owner is asked for the attacker’s second factor');
    else if (typeof ownersLogin === 'string' && ownersLogin !== 'SOFTWARE_TOKEN_MFA')
      faults.push(`the owner cannot sign in: ${ownersLogin}`);
    if (typeof ownersLogin === 'object') {
      if (isOwners && ownersLogin.role !== 'owner') faults.push(`the owner is ${ownersLogin.role}`);
      if (proven === 'confirmation' && setting.confirmation === 'required' && ownersLogin.name !== 'Owner')
        faults.push('the account has the attacker’s name');
    }
  }
  await started.forget(email);
  const told = faults.map((fault) => `seed ${seed}: ${fault}\n  ${history.join('\n  ')}`);
  return { faults: told, isProven: proven !== undefined };
}

/** Declares the tests of some settings. A file each for the providers, so that they run at the same time. */
export function describeTakeovers(settings: readonly Setting[]): void {
  describe('An address that its owner has confirmed', () => {
    it.each(settings)(
      'is never opened by what a stranger chose: $provider, $mode, confirmation $confirmation',
      async (setting) => {
        // Beside the modes of registration, and as slow as they are.
        const count = setting.confirmation === 'off' ? RUNS / 4 : RUNS;
        const faults: string[] = [];
        let runs = 0;
        let proven = 0;
        for (const preventEnumeration of [false, true]) {
          const started = await start(setting, preventEnumeration);
          let next = preventEnumeration ? count / 2 : 0;
          const last = next + count / 2;
          const work = async () => {
            while (next < last && faults.length === 0) {
              const seed = next++;
              // Strangers may register only where registration is open; elsewhere it is about the owner's address.
              const owned = setting.mode !== 'open' || seed % 2 === 0;
              const address = owned ? `seed-${seed}-${setting.mode}@example.com` : undefined;
              const outcome = await ownerEmail.run(address, () => interleave(started, setting, seed));
              faults.push(...outcome.faults);
              runs += 1;
              if (outcome.isProven) proven += 1;
            }
          };
          await Promise.all(Array.from({ length: AT_ONCE }, work));
          await started.stop();
        }
        expect(faults).toEqual([]);
        expect(runs).toBe(count);
        // Else nothing was tried.
        expect(proven).toBeGreaterThan(count / 50);
      },
      30 * 60_000,
    );
  });
}
