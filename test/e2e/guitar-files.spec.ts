import { describe, expect, it } from '@jest/globals';
import { TestApp } from '../support/test-app.js';

/** In depth in test/contract/guitar-exchange.spec.ts. */
describe('A file of guitars', () => {
  it.each(['csv', 'json'])('goes out as %s, and comes in again', (format) =>
    TestApp.with({}, async (app) => {
      const { client } = await app.person();
      const guitar = {
        brand: 'Höfner',
        model: '500/1',
        year: 1967,
        privateInfo: { currentValue: 2200.5, currency: 'EUR' },
      };
      const { data } = await client.post('/v1/guitars', guitar);
      await client.post(`/v1/guitars/${data.id}/notes`, { content: '=1+1, "flat" strings' });
      const file = await client.get(`/v1/guitars/export?format=${format}`);
      const [type = ''] = (file.headers['content-type'] ?? '').split(';');
      const send = () =>
        client.post('/v1/guitars/import', undefined, { raw: file.text, headers: { 'Content-Type': type } });
      expect((await send()).data).toMatchObject({ created: 0, updated: 0, unchanged: 1, failed: [] });
      await client.delete(`/v1/guitars/${data.id}`);
      expect((await send()).data).toMatchObject({ created: 1, updated: 0, unchanged: 0, failed: [] });
      const [back] = (await client.get('/v1/guitars')).data;
      expect(back).toMatchObject({ ...guitar, id: data.id, notes: [{ content: '=1+1, "flat" strings' }] });
    }),
  );
});
