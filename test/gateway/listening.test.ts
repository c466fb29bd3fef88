import { explainListenError } from '../../src/gateway/listen-error.js';
import { readConfig } from '../../src/kernel/config/read-config.js';
import { SluiceError } from '../../src/kernel/sluice-error.js';
import { startSmallGateway } from './small-gateway.js';

describe('Listening', () => {
  it('names a URL that can be opened', async () => {
    const gateway = await startSmallGateway();
    try {
      expect(gateway.url).toMatch(/^http:\/\/localhost:\d+$/);
      expect((await fetch(`${gateway.url}/livez`)).status).toBe(200);
    } finally {
      await gateway.close();
    }
  });

  it('names another address by its own name', async () => {
    const gateway = await startSmallGateway({ SLUICE_HTTP_HOST: '::1' });
    try {
      expect(gateway.url).toMatch(/^http:\/\/\[::1\]:\d+$/);
    } finally {
      await gateway.close();
    }
  });

  it('says in one sentence that the port is taken, and what to do', async () => {
    const first = await startSmallGateway();
    try {
      const port = new URL(first.url).port;
      const second = startSmallGateway({ PORT: port }, { config: readConfig({ PORT: port }) });
      await expect(second).rejects.toMatchObject({
        code: 'PORT_TAKEN',
        message: `Port ${port} is taken by another program`,
        hint: expect.stringContaining(`PORT=${Number(port) + 1}`),
      });
    } finally {
      await first.close();
    }
  });

  it('explains a port without permission and an address that is not there', () => {
    for (const code of ['EACCES', 'EADDRNOTAVAIL', 'ENOTFOUND']) {
      expect(explainListenError(Object.assign(new Error(), { code }), 'nowhere.example', 80)).toBeInstanceOf(
        SluiceError,
      );
    }
    const other = new Error('other');
    expect(explainListenError(other, 'x', 1)).toBe(other);
  });
});

describe('The home page', () => {
  it('leads people to GraphiQL and tells programs what there is', async () => {
    const gateway = await startSmallGateway();
    try {
      const person = await fetch(gateway.url, {
        headers: { accept: 'text/html,*/*;q=0.8' },
        redirect: 'manual',
      });
      expect([person.status, person.headers.get('location')]).toEqual([302, '/graphiql']);
      const program = await fetch(gateway.url);
      expect(await program.json()).toEqual({
        name: 'Sluice',
        links: {
          graphql: '/graphql',
          graphiql: '/graphiql',
          live: '/livez',
          ready: '/readyz',
          metrics: '/metrics',
        },
      });
    } finally {
      await gateway.close();
    }
  });

  it('leads people from /graphql to GraphiQL where they send no query', async () => {
    const gateway = await startSmallGateway();
    try {
      const headers = { accept: 'text/html,*/*;q=0.8', 'sec-fetch-site': 'none' };
      const person = await fetch(`${gateway.url}/graphql`, { headers, redirect: 'manual' });
      expect([person.status, person.headers.get('location')]).toEqual([302, '/graphiql']);
      const query = await fetch(`${gateway.url}/graphql?query=%7Brows%7D`, { headers, redirect: 'manual' });
      expect(query.status).toBe(200);
    } finally {
      await gateway.close();
    }
  });

  it('has no GraphiQL where that is off', async () => {
    const gateway = await startSmallGateway({ SLUICE_HTTP_GRAPHIQL: 'off' });
    try {
      const person = await fetch(gateway.url, { headers: { accept: 'text/html' }, redirect: 'manual' });
      expect(person.status).toBe(200);
      expect(await person.json()).toMatchObject({ links: { graphql: '/graphql' } });
      expect((await fetch(`${gateway.url}/graphiql`)).status).toBe(404);
      expect((await fetch(`${gateway.url}/graphql`, { headers: { accept: 'text/html,*/*' } })).status).toBe(
        400,
      );
    } finally {
      await gateway.close();
    }
  });
});
