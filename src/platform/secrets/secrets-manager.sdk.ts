/** The part of the SDK that `ManagedSecrets` loads with the first secret; what is not named here stays out of the bundle. */
export {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
