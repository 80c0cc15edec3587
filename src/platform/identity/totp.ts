/** Time-based one-time passwords (RFC 6238) as authenticator apps take them: SHA-1, six digits, thirty seconds. */
const SHAPE = { algorithm: 'SHA1', digits: 6, period: 30 } as const;

/** Loaded with the first second factor: start-up does without it. */
const otpauth = () => import('./otp.late.js');

/** Twenty random bytes in base32. */
export async function generateTotpSecret(): Promise<string> {
  const { Secret } = await otpauth();
  return new Secret({ size: 20 }).base32;
}

/** What an authenticator app reads from a QR code. */
export async function otpauthUrl(secret: string, email: string): Promise<string> {
  const { Secret, TOTP } = await otpauth();
  return new TOTP({ ...SHAPE, issuer: 'Hearth', label: email, secret: Secret.fromBase32(secret) }).toString();
}

/** The time step that a code belongs to, one step of clock drift allowed; undefined when it is wrong, or no code at all. */
export async function totpStepOf(secret: string, code: string, now: Date): Promise<number | undefined> {
  const token = code.trim();
  if (!/^[0-9]{6}$/.test(token)) return undefined;
  const { Secret, TOTP } = await otpauth();
  const totp = new TOTP({ ...SHAPE, secret: Secret.fromBase32(secret) });
  const delta = totp.validate({ token, window: 1, timestamp: now.getTime() });
  return delta === null ? undefined : totp.counter({ timestamp: now.getTime() }) + delta;
}
