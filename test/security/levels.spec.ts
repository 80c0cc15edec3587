import { Controller, Get } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CurrentUser, OptionalAuth, Roles } from '../../src/http/access/access.decorators.js';
import { Client } from '../support/client.js';
import { isolatedEnvironment } from '../support/environment.js';
import { SocketApp } from '../support/socket-app.js';

@Controller('probe')
class ProbeController {
  @Get('optional')
  @OptionalAuth()
  optional(@CurrentUser() user: CurrentUser | undefined) {
    return { caller: user?.id ?? null };
  }

  @Get('user')
  user(@CurrentUser() user: CurrentUser) {
    return { caller: user.id };
  }

  @Get('admin')
  @Roles('admin')
  admin() {
    return { reached: true };
  }

  @Get('owner')
  @Roles('owner')
  owner() {
    return { reached: true };
  }
}

describe('The levels of access', () => {
  let app: SocketApp;
  let client: Client;
  const tokens: Record<string, { token: string; id: string }> = {};

  beforeAll(async () => {
    app = await SocketApp.start(await isolatedEnvironment(), undefined, [ProbeController]);
    client = new Client(app);
    for (const name of ['owner', 'member']) {
      const account = { email: `${name}@example.com`, password: 'Corr3ct-horse' };
      await client.post('/v1/auth/register', { ...account, name });
      const { data } = await client.post('/v1/auth/login', account);
      tokens[name] = { token: data.accessToken, id: data.user.id };
    }
  });
  afterAll(() => app.stop());

  const statuses = async (path: string) => {
    const callers = [undefined, tokens['member']?.token, tokens['owner']?.token, 'nonsense'];
    return Promise.all(
      callers.map(async (token) => (await client.get(`/v1/probe/${path}`, { token })).status),
    );
  };

  it('optional: anyone, but a token that is sent must be good', async () => {
    expect(await statuses('optional')).toEqual([200, 200, 200, 401]);
    expect((await client.get('/v1/probe/optional')).data).toEqual({ caller: null });
    const { token, id } = tokens['member'] ?? {};
    expect((await client.get('/v1/probe/optional', { token })).data).toEqual({ caller: id });
  });

  it('without a decorator: users only', async () => {
    expect(await statuses('user')).toEqual([401, 200, 200, 401]);
  });

  it('a role: those who have it, and those above', async () => {
    expect(await statuses('admin')).toEqual([401, 403, 200, 401]);
    expect(await statuses('owner')).toEqual([401, 403, 200, 401]);
    const { error } = await client.get('/v1/probe/owner', { token: tokens['member']?.token });
    expect(error.code).toBe('AUTH_FORBIDDEN');
  });
});
