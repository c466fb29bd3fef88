/** What a browser does with cookies: keeps what answers set, and sends it along. */
export class Browser {
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #cookies = new Map<string, string>();

  /** @param headers sent with each request */
  constructor(url: string, headers: Record<string, string> = {}) {
    this.#url = url;
    this.#headers = headers;
  }

  get cookie(): string {
    return Array.from(this.#cookies, ([name, value]) => `${name}=${value}`).join('; ');
  }

  async ask(query: string, variables?: object): Promise<BrowserAnswer> {
    const response = await fetch(this.#url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...this.#headers,
        ...(this.cookie !== '' && { cookie: this.cookie }),
      },
      body: JSON.stringify({ query, variables }),
    });
    for (const text of response.headers.getSetCookie()) this.#keep(text);
    const body = (await response.json()) as Omit<BrowserAnswer, 'status' | 'code'>;
    return { status: response.status, code: body.errors?.[0]?.extensions.code ?? null, ...body };
  }

  #keep(text: string): void {
    const [pair = ''] = text.split(';');
    const [name = '', value = ''] = pair.split(/=(.*)/s);
    if (/; Max-Age=0(;|$)/.test(text)) this.#cookies.delete(name);
    else this.#cookies.set(name, value);
  }
}

export interface BrowserAnswer {
  readonly status: number;
  /** The first error's; null: there is none. */
  readonly code: string | null;
  readonly data?: any;
  readonly errors?: { message: string; path?: unknown; extensions: { code: string } }[];
}
