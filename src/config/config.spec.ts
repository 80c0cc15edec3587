import { describe, expect, it } from '@jest/globals';
import { ConfigurationError, loadConfig } from './config.js';

const faultsOf = (variables: Record<string, string>): readonly string[] => {
  try {
    loadConfig(variables);
    return [];
  } catch (error) {
    return (error as ConfigurationError).faults;
  }
};

describe('The configuration', () => {
  it('needs nothing on a laptop', () => {
    expect(loadConfig({})).toMatchObject({
      stage: 'development',
      port: 3000,
      publicUrl: 'http://localhost:3000',
      corsOrigins: ['*'],
      logLevel: 'debug',
      dataDirectory: '.hearth',
    });
  });

  it('reports every fault at once, by the name of the variable', () => {
    const faults = faultsOf({
      PORT: 'eighty',
      ENVIRONMENT: 'Live 1',
      LOG_LEVEL: 'loud',
      AWS_REGION: 'Stockholm',
      OWNER_EMAIL: 'me',
      PASSWORD_REQUIRE_SYMBOLS: 'maybe',
    });
    for (const name of [
      'PORT',
      'ENVIRONMENT',
      'LOG_LEVEL',
      'AWS_REGION',
      'OWNER_EMAIL',
      'PASSWORD_REQUIRE_SYMBOLS',
    ]) {
      expect(faults.some((fault) => fault.includes(name))).toBe(true);
    }
  });

  it('takes an empty variable for one that is not set', () => {
    expect(loadConfig({ PORT: '', CORS_ORIGINS: '' })).toEqual(loadConfig({}));
  });

  it('allows any origin in development only', () => {
    expect(faultsOf({ ENVIRONMENT: 'dev', CORS_ORIGINS: '*' })).toEqual([]);
    expect(faultsOf({ ENVIRONMENT: 'prod', CORS_ORIGINS: '*' })).toHaveLength(1);
    expect(loadConfig({ ENVIRONMENT: 'prod' }).corsOrigins).toEqual([]);
  });

  it('lets anybody in at once on a laptop; elsewhere by invitation, and once the address is confirmed', () => {
    const { registration, emailConfirmation } = loadConfig({}).auth;
    expect([registration, emailConfirmation]).toEqual(['open', false]);
    for (const ENVIRONMENT of ['dev', 'staging', 'prod']) {
      const { auth } = loadConfig({ ENVIRONMENT });
      expect([auth.registration, auth.emailConfirmation]).toEqual(['invite', true]);
    }
  });

  it('asks for the pool and its client where Cognito keeps the accounts', () => {
    const faults = faultsOf({ AUTH_PROVIDER: 'cognito' });
    expect(faults).toHaveLength(2);
    expect(faults.join()).toMatch(/COGNITO_USER_POOL_ID.*COGNITO_CLIENT_ID/);
    const pool = { COGNITO_USER_POOL_ID: 'eu-north-1_Example1', COGNITO_CLIENT_ID: 'abc123' };
    expect(faultsOf({ AUTH_PROVIDER: 'cognito', ...pool })).toEqual([]);
  });

  it('takes a pool that is named for the identity provider, unless another is', () => {
    const pool = { COGNITO_USER_POOL_ID: 'eu-north-1_Example1', COGNITO_CLIENT_ID: 'abc123' };
    expect(loadConfig(pool).auth.provider).toBe('cognito');
    expect(
      loadConfig({ USER_POOL_ID: pool.COGNITO_USER_POOL_ID, COGNITO_CLIENT_ID: 'abc123' }).auth.provider,
    ).toBe('cognito');
    expect(loadConfig({ ...pool, AUTH_PROVIDER: 'local' }).auth.provider).toBe('local');
    expect(loadConfig({}).auth.provider).toBe('local');
  });

  it('takes the level of the log in any case', () => {
    for (const LOG_LEVEL of ['DEBUG', 'Debug', 'debug'])
      expect(loadConfig({ LOG_LEVEL }).logLevel).toBe('debug');
    expect(loadConfig({ LOG_LEVEL: 'INFO' }).logLevel).toBe('info');
  });

  it('keeps no secret of who has an account where accounts are usable at once', () => {
    expect(faultsOf({ AUTH_PREVENT_ENUMERATION: 'true' })).toHaveLength(1);
    const required = { AUTH_PREVENT_ENUMERATION: 'true', AUTH_EMAIL_CONFIRMATION: 'required' };
    expect(faultsOf(required)).toEqual([]);
  });

  it('reads lists, numbers and the aliases of seed 000', () => {
    const config = loadConfig({
      CORS_ORIGINS: 'https://a.example.com, https://b.example.com',
      PORT: '8080',
      USER_POOL_ID: 'eu-north-1_Example1',
      USER_POOL_CLIENT_ID: 'client1',
    });
    expect(config.corsOrigins).toEqual(['https://a.example.com', 'https://b.example.com']);
    expect(config.publicUrl).toBe('http://localhost:8080');
    expect(config.cognito).toMatchObject({ userPoolId: 'eu-north-1_Example1', clientId: 'client1' });
  });

  it('cannot be changed', () => {
    expect(Object.isFrozen(loadConfig({}))).toBe(true);
  });
});
