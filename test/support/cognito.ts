import { type ChildProcess, spawn } from 'node:child_process';
import { createPublicKey, generateKeyPairSync, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import jwt from 'jsonwebtoken';
import { refusal, type Reply, ScriptedServer, type ScriptedRequest } from './scripted-server.js';
import { claimsOf } from './tokens.js';

/** The code that the emulator mails to everybody. */
export const COGNITO_CODE = '246813';

const KID = 'pool-key';
const require = createRequire(import.meta.url);

interface Session {
  readonly origin: string;
  readonly access: Record<string, unknown>;
  readonly id: Record<string, unknown>;
  refreshToken: string;
  revoked: boolean;
}

/** cognito-local as a process of its own, with a pool and a client. */
export class CognitoEmulator {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  static async start(): Promise<CognitoEmulator> {
    const child = spawn(process.execPath, [require.resolve('cognito-local/lib/bin/start.js')], {
      cwd: await mkdtemp(join(tmpdir(), 'hearth-cognito-')),
      env: { PATH: process.env['PATH'], HOST: '127.0.0.1', PORT: '0', CODE: COGNITO_CODE },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
    for await (const line of lines) {
      const url = /running on (http:\/\/127\.0\.0\.1:\d+)/.exec(line)?.[1];
      if (url !== undefined) {
        child.stdout?.resume();
        return new CognitoEmulator(child, url);
      }
    }
    throw new Error('cognito-local did not start');
  }

  async call(operation: string, body: object): Promise<{ status: number; body: Record<string, unknown> }> {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-amz-json-1.1',
        'X-Amz-Target': `AWSCognitoIdentityProviderService.${operation}`,
      },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  async stop(): Promise<void> {
    const gone = once(this.child, 'exit');
    this.child.kill();
    await gone;
  }
}

/**
 * A user pool as the adapter meets it: the emulator for what that does right, and in front of it a script for what it
 * lacks (sign-out, rotation, resending, `origin_jti`) or does otherwise (which error it gives). Every error that Cognito
 * declares can be scripted with `failNext`.
 */
export class CognitoPool {
  readonly keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  jwksRequests = 0;
  jwksDown = false;
  private readonly hanging = new Set<string>();
  private readonly losing = new Map<string, string>();
  private readonly standing = new Map<string, Reply>();
  private readonly failures = new Map<string, Reply>();
  private readonly sessions: Session[] = [];
  private readonly usedTokens = new Map<string, { session: Session; at: number }>();
  private readonly federated = new Map<string, { existing: string; sub: string }>();
  private readonly unverifiedEmails = new Map<string, string>();
  /** `RetryGracePeriodSeconds` of the client, as the template sets it. */
  graceSeconds = 30;

  private constructor(
    private readonly emulator: CognitoEmulator,
    readonly poolId: string,
    readonly clientId: string,
  ) {}

  private front: ScriptedServer | undefined;

  static async start({
    trigger,
  }: { trigger?: (event: object) => Promise<unknown> } = {}): Promise<CognitoPool> {
    const emulator = await CognitoEmulator.start();
    const pool = await emulator.call('CreateUserPool', {
      PoolName: 'hearth',
      UsernameAttributes: ['email'],
      AutoVerifiedAttributes: ['email'],
      MfaConfiguration: 'OPTIONAL',
    });
    const { Id: UserPoolId = '' } = pool.body['UserPool'] as { Id?: string };
    const CustomAttributes = ['userRole', 'theme', 'inviteCode'].map((Name) => ({
      Name,
      AttributeDataType: 'String',
      Mutable: true,
    }));
    await emulator.call('AddCustomAttributes', { UserPoolId, CustomAttributes });
    const client = await emulator.call('CreateUserPoolClient', { UserPoolId, ClientName: 'web' });
    const { ClientId = '' } = client.body['UserPoolClient'] as { ClientId?: string };
    for (const GroupName of ['owner', 'admin', 'member'])
      await emulator.call('CreateGroup', { UserPoolId, GroupName });
    const started = new CognitoPool(emulator, UserPoolId, ClientId);
    started.trigger = trigger;
    started.front = await ScriptedServer.start((request) => started.answer(request));
    return started;
  }

  private trigger: ((event: object) => Promise<unknown>) | undefined;

  get url(): string {
    return this.front?.url ?? '';
  }

  get issuer(): string {
    return `${this.url}/${this.poolId}`;
  }

  get environment() {
    return {
      AUTH_PROVIDER: 'cognito',
      COGNITO_USER_POOL_ID: this.poolId,
      COGNITO_CLIENT_ID: this.clientId,
      COGNITO_ENDPOINT: this.url,
    };
  }

  /** The operations that were called, in order. */
  get calls(): readonly string[] {
    return (
      this.front?.requests.map(({ operation }) => operation).filter((operation) => operation !== '') ?? []
    );
  }

  failNext(operation: string, type: string, status = 400): void {
    this.failures.set(operation, refusal(type, 'scripted', status));
  }

  /** Until `heal`: the SDK tries again what passes. */
  fail(operation: string, type: string, status = 400): void {
    this.standing.set(operation, refusal(type, 'scripted', status));
  }

  /** Whatever Cognito says of one operation, once. */
  replyNext(operation: string, reply: Reply): void {
    this.failures.set(operation, reply);
  }

  /** Leaves the next call of an operation, and each try of it, without an answer. */
  hang(operation: string): void {
    this.hanging.add(operation);
  }

  /** Does what the next call of an operation asks for, loses the answer, and refuses the repetition as Cognito would. */
  lose(operation: string, refusedAs: string): void {
    this.losing.set(operation, refusedAs);
  }

  heal(): void {
    this.losing.clear();
    this.failures.clear();
    this.standing.clear();
    this.hanging.clear();
  }

  /** What an operation was called with last. */
  last(operation: string): unknown {
    return this.front?.requests.findLast((request) => request.operation === operation)?.body;
  }

  /** A confirmed user of the pool whom this API has never seen. @returns `sub` */
  async adminCreates(email: string, group: string): Promise<string> {
    const user = { UserPoolId: this.poolId, Username: email };
    await this.emulator.call('AdminCreateUser', {
      ...user,
      UserAttributes: [
        { Name: 'email', Value: email },
        { Name: 'email_verified', Value: 'true' },
      ],
    });
    await this.emulator.call('AdminAddUserToGroup', { ...user, GroupName: group });
    return (await this.attributesOf(email))['sub'] ?? '';
  }

  /** Somebody changes their address past this API, and has verified it. */
  async setEmail(username: string, email: string): Promise<void> {
    await this.emulator.call('AdminUpdateUserAttributes', {
      UserPoolId: this.poolId,
      Username: username,
      UserAttributes: [
        { Name: 'email', Value: email },
        { Name: 'email_verified', Value: 'true' },
      ],
    });
  }

  /** A user who signs in by another provider: AWS finds them by that username alone, and gives them a `sub` of its own. */
  federate(username: string, existing: string, sub: string): void {
    this.federated.set(username, { existing, sub });
  }

  /** A call past this API, as anybody can make one to a client without a secret. */
  async callDirectly(operation: string, body: object): Promise<Reply> {
    return this.answer({ method: 'POST', path: '/', headers: {}, operation, body });
  }

  attributesOf = async (username: string): Promise<Record<string, string>> => {
    const input = { UserPoolId: this.poolId, Username: username };
    const { body } = await this.emulator.call('AdminGetUser', input);
    const attributes = (body['UserAttributes'] ?? []) as { Name: string; Value: string }[];
    return Object.fromEntries(attributes.map(({ Name, Value }) => [Name, Value]));
  };

  async groupsOf(username: string): Promise<string[]> {
    const input = { UserPoolId: this.poolId, Username: username };
    const { body } = await this.emulator.call('AdminListGroupsForUser', input);
    return ((body['Groups'] ?? []) as { GroupName: string }[]).map(({ GroupName }) => GroupName);
  }

  /** A token of this pool, with any claims. */
  sign(claims: Record<string, unknown>, header: Record<string, unknown> = {}): string {
    return jwt.sign(claims, this.keys.privateKey, {
      algorithm: 'RS256',
      noTimestamp: claims['iat'] === undefined,
      header: { alg: 'RS256', kid: KID, ...header },
    });
  }

  get signingKey(): { kid: string; privateKey: string } {
    return { kid: KID, privateKey: this.keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
  }

  async stop(): Promise<void> {
    await this.front?.stop();
    await this.emulator.stop();
  }

  private async answer(request: ScriptedRequest): Promise<Reply> {
    if (request.path.endsWith('/.well-known/jwks.json')) {
      this.jwksRequests += 1;
      if (this.jwksDown) return { status: 503, text: 'down' };
      const jwk = createPublicKey(this.keys.publicKey.export({ type: 'spki', format: 'pem' })).export({
        format: 'jwk',
      });
      return { body: { keys: [{ ...jwk, kid: KID, use: 'sig', alg: 'RS256' }] } };
    }
    const { operation, body } = request;
    if (this.hanging.has(operation)) return undefined;
    if (this.standing.has(operation)) return this.standing.get(operation);
    if (this.failures.has(operation)) {
      const reply = this.failures.get(operation);
      this.failures.delete(operation);
      return reply;
    }
    if (body.AccessToken !== undefined && !this.isGood(body.AccessToken))
      return refusal('NotAuthorizedException');
    const own = this.scripts[operation];
    const reply = await (own ? own(body) : this.forward(operation, body));
    const refusedAs = this.losing.get(operation);
    if (refusedAs === undefined) return reply;
    this.losing.delete(operation);
    this.failNext(operation, refusedAs);
    return { text: '{}', ...reply, cut: 'reset' };
  }

  // What the emulator lacks, or does otherwise than Cognito.
  // oxlint-disable-next-line typescript/no-explicit-any
  private readonly scripts: Record<string, (body: any) => Promise<Reply>> = {
    SignUp: async (body) => {
      if (!/^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?=.*[^\w\s]).{8,}$/.test(body.Password))
        return refusal('InvalidPasswordException');
      if (this.trigger) {
        const userAttributes = Object.fromEntries(
          body.UserAttributes.map(({ Name, Value }: { Name: string; Value: string }) => [Name, Value]),
        );
        const event = {
          triggerSource: 'PreSignUp_SignUp',
          request: { userAttributes, clientMetadata: body.ClientMetadata },
          response: {},
        };
        try {
          await this.trigger(event);
        } catch (error) {
          return refusal(
            'UserLambdaValidationException',
            `PreSignUp failed with error ${(error as Error).message}.`,
          );
        }
      }
      return this.forward('SignUp', body);
    },
    ConfirmSignUp: async (body) => {
      const reply = await this.forward('ConfirmSignUp', body);
      if (reply?.status !== 200) return reply;
      await this.emulator.call('AdminUpdateUserAttributes', {
        UserPoolId: this.poolId,
        Username: body.Username,
        UserAttributes: [
          { Name: 'email', Value: (await this.attributesOf(body.Username))['email'] },
          { Name: 'email_verified', Value: 'true' },
        ],
      });
      return reply;
    },
    ResendConfirmationCode: async ({ Username }) =>
      (await this.userOf(Username))
        ? { body: { CodeDeliveryDetails: { DeliveryMedium: 'EMAIL' } } }
        : refusal('UserNotFoundException'),
    InitiateAuth: async (body) => {
      if (body.AuthFlow !== 'USER_PASSWORD_AUTH')
        return this.exchange(body.AuthParameters.REFRESH_TOKEN, false);
      const user = await this.userOf(body.AuthParameters.USERNAME);
      if (user?.['Enabled'] === false) return refusal('NotAuthorizedException');
      return this.signedIn(await this.forward('InitiateAuth', body));
    },
    ForgotPassword: async (body) =>
      (await this.userOf(body.Username))?.['UserStatus'] === 'UNCONFIRMED'
        ? refusal('InvalidParameterException')
        : this.forward('ForgotPassword', body),
    ConfirmForgotPassword: async (body) =>
      (await this.userOf(body.Username))?.['UserStatus'] === 'UNCONFIRMED'
        ? refusal('UserNotConfirmedException')
        : this.forward('ConfirmForgotPassword', body),
    UpdateUserAttributes: async ({ AccessToken, UserAttributes }) => {
      const sub = String(claimsOf(AccessToken)['sub']);
      const email = UserAttributes.find(({ Name }: { Name: string }) => Name === 'email')?.Value;
      if (await this.userOf(email)) return refusal('AliasExistsException');
      // As with AttributesRequireVerificationBeforeUpdate: the old address stays until the new one is verified.
      this.unverifiedEmails.set(sub, email);
      return { body: { CodeDeliveryDetailsList: [{ AttributeName: 'email', DeliveryMedium: 'EMAIL' }] } };
    },
    VerifyUserAttribute: async ({ AccessToken, Code }) => {
      const sub = String(claimsOf(AccessToken)['sub']);
      const email = this.unverifiedEmails.get(sub);
      if (Code !== COGNITO_CODE || email === undefined) return refusal('CodeMismatchException');
      this.unverifiedEmails.delete(sub);
      await this.setEmail(sub, email);
      return {};
    },
    AdminSetUserMFAPreference: async ({ Username, SoftwareTokenMfaSettings }) => {
      const claims = { sub: Username, username: Username, client_id: this.clientId, token_use: 'access' };
      const AccessToken = this.sign(claims);
      const reply = await this.forward('SetUserMFAPreference', { AccessToken, SoftwareTokenMfaSettings });
      return reply;
    },
    RespondToAuthChallenge: async (body) => this.signedIn(await this.forward('RespondToAuthChallenge', body)),
    GetTokensFromRefreshToken: async ({ RefreshToken }) => this.exchange(RefreshToken, true),
    RevokeToken: async ({ Token }) => {
      const session = this.sessions.find(({ refreshToken }) => refreshToken === Token);
      if (session) session.revoked = true;
      return session ? {} : refusal('UnsupportedTokenTypeException');
    },
    GlobalSignOut: async ({ AccessToken }) => this.signOut(String(claimsOf(AccessToken)['sub'])),
    AdminUserGlobalSignOut: async ({ Username }) => this.signOut(Username),
    AdminDisableUser: async (body) => {
      await this.signOut(body.Username);
      return this.forward('AdminDisableUser', body);
    },
  };

  private async forward(operation: string, given: object): Promise<Reply> {
    const federated = this.federated.get((given as { Username?: string }).Username ?? '');
    const body = federated ? { ...given, Username: federated.existing } : given;
    const { status, body: answer } = await this.emulator.call(operation, body);
    const attributes = (answer['UserAttributes'] ?? []) as { Name: string; Value: string }[];
    const subject = attributes.find(({ Name }) => Name === 'sub');
    if (federated && subject) subject.Value = federated.sub;
    const { __type: type } = answer as { __type?: string };
    const isAdmin = operation.startsWith('Admin');
    if (isAdmin && type === 'NotAuthorizedException') return refusal('UserNotFoundException');
    if (type === 'InvalidPasswordException' && operation !== 'SignUp')
      return refusal('NotAuthorizedException');
    return { status, body: answer };
  }

  private async userOf(username: string): Promise<Record<string, unknown> | undefined> {
    const input = { UserPoolId: this.poolId, Username: username };
    const { status, body } = await this.emulator.call('AdminGetUser', input);
    return status === 200 ? body : undefined;
  }

  /** The emulator's tokens, as Cognito would make them: an hour long, of a named session, by this pool's key. */
  private signedIn(reply: Reply): Reply {
    const answer = reply?.body as
      { AuthenticationResult?: { AccessToken: string; IdToken: string } } | undefined;
    if (reply?.status !== 200 || !answer?.AuthenticationResult) return reply;
    const { AccessToken, IdToken } = answer.AuthenticationResult;
    const session: Session = {
      origin: randomUUID(),
      access: claimsOf(AccessToken),
      id: claimsOf(IdToken),
      refreshToken: randomUUID(),
      revoked: false,
    };
    this.sessions.push(session);
    return { body: { ...answer, AuthenticationResult: this.tokensOf(session) } };
  }

  private tokensOf(session: Session) {
    const iat = Math.floor(Date.now() / 1000);
    const shared = { origin_jti: session.origin, iss: this.issuer, iat, exp: iat + 3600, jti: randomUUID() };
    return {
      AccessToken: this.sign({ ...session.access, ...shared }),
      IdToken: this.sign({ ...session.id, ...shared }),
      RefreshToken: session.refreshToken,
      ExpiresIn: 3600,
      TokenType: 'Bearer',
    };
  }

  private exchange(token: string, rotates: boolean): Reply {
    const used = this.usedTokens.get(token);
    const inGrace = used !== undefined && Date.now() - used.at <= this.graceSeconds * 1000;
    if (used && !inGrace) return refusal('RefreshTokenReuseException');
    const session = used?.session ?? this.sessions.find(({ refreshToken }) => refreshToken === token);
    if (!session || session.revoked) return refusal('NotAuthorizedException');
    if (rotates && !used) {
      this.usedTokens.set(token, { session, at: Date.now() });
      session.refreshToken = randomUUID();
    }
    const { RefreshToken, ...tokens } = this.tokensOf(session);
    return { body: { AuthenticationResult: rotates ? { ...tokens, RefreshToken } : tokens } };
  }

  private async signOut(username: string): Promise<Reply> {
    const { sub = username } = await this.attributesOf(username);
    for (const session of this.sessions) if (session.access['sub'] === sub) session.revoked = true;
    return {};
  }

  private isGood(token: string): boolean {
    const { origin_jti: origin } = claimsOf(token);
    return this.sessions.some((session) => session.origin === origin && !session.revoked);
  }
}
