// A web of a few pages, told what each address answers; it judges nothing.
import { WorkerError } from "../../src/core/errors.ts";
import type { Web, WebAnswer, WebOptions } from "../../src/tools/web.ts";

export type FakePage = {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: BodyInit;
};

export class FakeWeb implements Web {
  readonly #pages: ReadonlyMap<string, FakePage>;
  /** Every address that was asked for. */
  readonly asked: string[] = [];

  constructor(pages: Readonly<Record<string, FakePage>>) {
    this.#pages = new Map(Object.entries(pages));
  }

  get(url: string, { signal }: WebOptions): Promise<WebAnswer> {
    signal.throwIfAborted();
    this.asked.push(url);
    const page = this.#pages.get(url);
    if (!page) {
      return Promise.reject(new WorkerError("refused", `Cannot fetch from ${url}: not granted`));
    }
    const { status = 200, headers = {}, body } = page;
    return Promise.resolve({ status, headers, body: new Response(body).body ?? undefined });
  }
}

export function htmlPage(body: string): FakePage {
  return { headers: { "content-type": "text/html; charset=utf-8" }, body };
}
