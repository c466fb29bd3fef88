import { hashPassword } from '../../../src/shop/account/password.js';
import { until } from '../../embedded/until.js';
import { type LiveShop, OPEN_TIMEOUT_MS, openBeside, openLiveShop } from '../clients/live-shop.js';
import { uniqueName } from '../fixtures.js';
import { globalId } from '../shop-world.js';
import { Browser, type BrowserAnswer } from './browser.js';
import { countDerivations } from './count-derivations.js';

const SIGN_IN = 'mutation ($input: SignInInput!) { signIn(input: $input) { user { id name } } }';
const VIEWER = '{ viewer { id tier scopes } }';
const ANYBODY = { viewer: { id: null, tier: 'anonymous', scopes: [] } };
const PASSWORD = 'correct horse battery staple';
const SESSIONS = { SLUICE_IDENTITY_SESSION_SECRET: 'a secret for cookies of 32 characters or more' };

let shop: LiveShop;
let passwordHash: string;
beforeAll(async () => {
  shop = await openLiveShop({ ...SESSIONS, SLUICE_IDENTITY_VIEWER_TTL_MS: '50' });
  passwordHash = await hashPassword(PASSWORD);
}, OPEN_TIMEOUT_MS);
afterEach(() => expect(shop.failures).toEqual([]));
afterAll(() => shop.close());

interface Customer {
  readonly id: number;
  readonly email: string;
}

async function createCustomer(data: { tier?: 'STANDARD' | 'PREMIUM' | 'STAFF' } = {}): Promise<Customer> {
  const email = `${uniqueName('ada')}@example.com`;
  return shop.prisma.user.create({
    data: { name: 'Ada', email, passwordHash, ...data },
    select: { id: true, email: true },
  });
}

const signIn = (browser: Browser, email: string, password = PASSWORD): Promise<BrowserAnswer> =>
  browser.ask(SIGN_IN, { input: { email, password } });

/** A browser in which a customer has signed in. */
async function browserOf({ email }: Customer): Promise<Browser> {
  const browser = new Browser(shop.url);
  expect((await signIn(browser, email)).code).toBeNull();
  return browser;
}

const setStock = (productId: number, stock: number) =>
  `mutation { updateProduct(input: { id: "${globalId('Product', productId)}", stock: ${stock} }) { product { stock } } }`;

describe('Signing in', () => {
  it('answers who it is, and has the browser known from the next request on', async () => {
    const { id, email } = await createCustomer();
    const browser = new Browser(shop.url);
    expect((await browser.ask(VIEWER)).data).toEqual(ANYBODY);
    const answer = await signIn(browser, email);
    expect(answer).toEqual({
      status: 200,
      code: null,
      data: { signIn: { user: { id: globalId('User', id), name: 'Ada' } } },
    });
    expect((await browser.ask(VIEWER)).data).toEqual({
      viewer: { id: String(id), tier: 'authenticated', scopes: [] },
    });
    expect((await new Browser(shop.url).ask(VIEWER)).data).toEqual(ANYBODY);
  });

  it.each([
    ['STANDARD', 'authenticated'],
    ['PREMIUM', 'premium'],
    ['STAFF', 'staff'],
  ] as const)('gives the tier that the row of a %s user says', async (tier, expected) => {
    const browser = await browserOf(await createCustomer({ tier }));
    expect((await browser.ask(VIEWER)).data).toMatchObject({ viewer: { tier: expected } });
  });

  it("shows a customer's own from the next request on", async () => {
    const customer = await createCustomer();
    await shop.prisma.order.create({ data: { userId: customer.id, total: 5 } });
    const browser = new Browser(shop.url);
    const { data } = await browser.ask(SIGN_IN.replace('name', 'orders { totalCount }'), {
      input: { email: customer.email, password: PASSWORD },
    });
    expect(data.signIn.user.orders).toEqual({ totalCount: 0 });
    const own = await browser.ask('query ($id: ID!) { user(id: $id) { orders { totalCount } } }', {
      id: globalId('User', customer.id),
    });
    expect(own.data.user.orders).toEqual({ totalCount: 1 });
  });

  it('finds the address in upper case and with blanks around it, as people write it', async () => {
    const { email } = await createCustomer();
    expect((await signIn(new Browser(shop.url), ` ${email.toUpperCase()} `)).code).toBeNull();
  });

  it('as somebody else ends the session before', async () => {
    const [first, second] = [await createCustomer(), await createCustomer()];
    const browser = await browserOf(first);
    const before = browser.cookie;
    await signIn(browser, second.email);
    expect((await browser.ask(VIEWER)).data).toMatchObject({ viewer: { id: String(second.id) } });
    expect((await new Browser(shop.url, { cookie: before }).ask(VIEWER)).status).toBe(401);
  });

  it('is possible with the passwords of the seed, in development', async () => {
    for (const [email, tier] of [
      ['amara.yilmaz.1@example.com', 'authenticated'],
      ['astrid.becker.28@example.com', 'staff'],
    ] as const) {
      const browser = new Browser(shop.url);
      expect((await signIn(browser, email, 'only for development')).code).toBeNull();
      expect((await browser.ask(VIEWER)).data).toMatchObject({ viewer: { tier } });
    }
  });
});

describe('Who does not get in', () => {
  it('has one answer after one and the same work, whatever was wrong', async () => {
    const { email } = await createCustomer();
    const { email: without } = await shop.prisma.user.create({
      data: { name: 'Bob', email: `${uniqueName('bob')}@example.com` },
    });
    const derivations = countDerivations();
    const browser = new Browser(shop.url);
    const answers = [
      await signIn(browser, email, 'wrong'),
      await signIn(browser, email, ''),
      await signIn(browser, 'nobody@example.com', PASSWORD),
      await signIn(browser, without, PASSWORD),
      await signIn(browser, without, ''),
      await signIn(browser, "' OR 1=1 --", PASSWORD),
    ];
    expect(derivations.stop()).toBe(answers.length);
    for (const answer of answers)
      expect(answer).toEqual({
        status: 200,
        code: 'UNAUTHENTICATED',
        data: { signIn: null },
        errors: [
          {
            message: 'There is no customer with this email address and password.',
            path: ['signIn'],
            locations: expect.anything(),
            extensions: { code: 'UNAUTHENTICATED' },
          },
        ],
      });
    expect(browser.cookie).toBe('');
  });

  it('by what can be neither address nor password is told so, without work', async () => {
    const derivations = countDerivations();
    for (const [email, password] of [
      ['', 'x'],
      ['a\0@example.com', 'x'],
      [`${'a'.repeat(320)}@example.com`, 'x'],
      ['ada@example.com', 'x'.repeat(1_001)],
    ] as const)
      expect((await signIn(new Browser(shop.url), email, password)).code).toBe('BAD_USER_INPUT');
    expect(derivations.stop()).toBe(0);
  });

  it('is nobody, and not the one who was signed in before', async () => {
    const customer = await createCustomer();
    const browser = await browserOf(customer);
    await signIn(browser, customer.email, 'wrong');
    expect((await browser.ask(VIEWER)).data).toMatchObject({ viewer: { id: String(customer.id) } });
  });
});

describe('A session', () => {
  it('follows the tier of its row', async () => {
    const customer = await createCustomer();
    const browser = await browserOf(customer);
    const tier = async () => (await browser.ask(VIEWER)).data.viewer.tier;
    const stock = setStock(1, 7);
    expect((await browser.ask(stock)).code).toBe('FORBIDDEN');
    await shop.prisma.user.update({ where: { id: customer.id }, data: { tier: 'STAFF' } });
    await until('the tier to be staff', async () => (await tier()) === 'staff');
    expect((await browser.ask(stock)).data).toEqual({ updateProduct: { product: { stock: 7 } } });
    await shop.prisma.user.update({ where: { id: customer.id }, data: { tier: 'STANDARD' } });
    await until('the tier to be gone', async () => (await tier()) === 'authenticated');
    expect((await browser.ask(stock)).code).toBe('FORBIDDEN');
  });

  it('ends with its user', async () => {
    const customer = await createCustomer();
    const browser = await browserOf(customer);
    await shop.prisma.user.delete({ where: { id: customer.id } });
    await until('the session to end', async () => (await browser.ask(VIEWER)).status === 401);
    expect(browser.cookie).toBe('');
    expect((await browser.ask(VIEWER)).data).toEqual(ANYBODY);
  });

  it('ends by signing out, also for whoever has a copy of the cookie', async () => {
    const browser = await browserOf(await createCustomer());
    const copy = new Browser(shop.url, { cookie: browser.cookie });
    const signOut = 'mutation { signOut { isSignedOut } }';
    expect((await browser.ask(signOut)).data).toEqual({ signOut: { isSignedOut: true } });
    expect(browser.cookie).toBe('');
    expect((await browser.ask(VIEWER)).data).toEqual(ANYBODY);
    expect(await copy.ask(VIEWER)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
    // Once more does no harm.
    expect((await browser.ask(signOut)).data).toEqual({ signOut: { isSignedOut: true } });
  });

  it('is of no use to a page of another site', async () => {
    const browser = await browserOf(await createCustomer({ tier: 'STAFF' }));
    const query = setStock(2, 77);
    const form = new URLSearchParams({ query });
    const evil = {
      cookie: browser.cookie,
      origin: 'https://evil.example',
      'sec-fetch-site': 'cross-site',
      'user-agent': 'Mozilla/5.0',
    };
    const attempts: [string, RequestInit][] = [
      [shop.url, { method: 'POST', body: form, headers: evil }],
      [
        shop.url,
        {
          method: 'POST',
          body: JSON.stringify({ query }),
          headers: { ...evil, 'content-type': 'text/plain' },
        },
      ],
      [`${shop.url}?${form}`, { method: 'POST', headers: evil }],
      [`${shop.url}?${form}`, { headers: evil }],
    ];
    for (const [url, options] of attempts)
      expect((await fetch(url, options)).status).toBeGreaterThanOrEqual(400);
    const stockOf = async () =>
      (await shop.prisma.product.findUniqueOrThrow({ where: { id: 2 }, select: { stock: true } })).stock;
    expect(await stockOf()).not.toBe(77);
    // The same from a page of this origin.
    expect((await browser.ask(query)).data).toEqual({ updateProduct: { product: { stock: 77 } } });
    expect(await stockOf()).toBe(77);
  });
});

describe('Guessing', () => {
  let limited: LiveShop;
  let addresses = 0;
  /** A browser at an address of its own, as the proxy in front of the shop names it. */
  const openBrowser = () => {
    addresses += 1;
    return new Browser(limited.url, { 'x-forwarded-for': `198.51.100.${addresses}` });
  };
  beforeAll(async () => {
    limited = await openBeside(shop, {
      ...SESSIONS,
      SLUICE_LIMITS: 'enforce',
      SLUICE_LIMITS_REDIS_DEADLINE_MS: '10000',
      SLUICE_HTTP_TRUSTED_PROXIES: '127.0.0.1',
    });
    await until('limits to be counted in Redis', async () => {
      await openBrowser().ask('{ __typename }');
      const metrics = await (await fetch(`${limited.origin}/metrics`)).text();
      return /^sluice_limits_operations_total\{[^}]*decider="redis"[^}]*\} [1-9]/m.test(metrics);
    });
  }, OPEN_TIMEOUT_MS);
  afterAll(() => limited.close());

  it('ends after ten in an hour, and costs nothing more', async () => {
    const { email } = await createCustomer();
    const browser = openBrowser();
    const derivations = countDerivations();
    const guesses = await Promise.all(
      Array.from({ length: 10 }, (_, index) => signIn(browser, email, `guess ${index}`)),
    );
    expect(new Set(guesses.map(({ code }) => code))).toEqual(new Set(['UNAUTHENTICATED']));
    // Not even with the right one.
    expect((await signIn(browser, email)).code).toBe('RATE_LIMITED');
    expect(derivations.stop()).toBe(10);
    expect((await signIn(openBrowser(), email)).code).toBeNull();
  });

  it('gains nothing by aliases', async () => {
    const { email } = await createCustomer();
    const browser = openBrowser();
    const guess = (count: number) =>
      browser.ask(
        `mutation ($input: SignInInput!) { ${Array.from({ length: count }, (_, index) => `a${index}: signIn(input: $input) { user { id } }`).join(' ')} }`,
        { input: { email, password: 'wrong' } },
      );
    const derivations = countDerivations();
    expect((await guess(6)).errors?.map(({ extensions }) => extensions.code)).toEqual(
      new Array(6).fill('UNAUTHENTICATED'),
    );
    expect((await guess(6)).code).toBe('RATE_LIMITED');
    expect((await guess(11)).code).toBe('COST_EXCEEDED');
    expect(derivations.stop()).toBe(6);
  });
});
