/** The API's own secrets, each with its predecessor while what that one signed can still be about. */
export interface SecretsProvider {
  /**
   * Reads a secret, from memory while it is fresh. A secret that is not there yet is made by `create`.
   * @throws {ServiceUnavailable} when it cannot be read and none is remembered.
   */
  read<T>(name: SecretName, create: () => Promise<T>): Promise<T>;
}

export type SecretName = 'signing-keys' | 'application-keys';

export const SECRETS = Symbol('SecretsProvider');
