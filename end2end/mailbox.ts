// The demo's mailbox at /dev/mail, read as a mail program would: only what was sent counts.

import { expect, type APIRequestContext } from "@playwright/test";

/** What a sign-in mail carries. */
export interface SignInMail {
  /** The magic links in the order of the mail, one for each portal that the address opens. */
  links: string[];
  /** The short code for the browser that asked. */
  code: string;
}

export class Mailbox {
  constructor(private readonly request: APIRequestContext) {}

  /** The sign-in mail that `action` causes to be sent to `address`. */
  async during(address: string, action: () => Promise<void>): Promise<SignInMail> {
    return parse(await this.textDuring(address, action));
  }

  /** The plain text of the mail that `action` causes to be sent to `address`. */
  async textDuring(address: string, action: () => Promise<void>): Promise<string> {
    const before = new Set(await this.list());
    await action();

    let mail: string | undefined;
    await expect
      .poll(
        async () => {
          for (const path of (await this.list()).filter((path) => !before.has(path))) {
            const content = await this.read(path);
            if (content.includes(address)) {
              mail = content;
            }
          }
          return mail !== undefined;
        },
        { message: `a mail to ${address}`, timeout: 10_000 },
      )
      .toBe(true);
    // The page shows the mail several times over, and its own addresses besides. The plain text is the mail.
    return mail?.match(/<pre[^>]*class="mail-text"[^>]*>([^]*?)<\/pre>/)?.[1] ?? "";
  }

  /** The paths of all mails. */
  private async list(): Promise<string[]> {
    const page = await this.read("/dev/mail");
    return [...page.matchAll(/href="(\/dev\/mail\/[^"?#]+)"/g)].map((match) => match[1] ?? "");
  }

  private async read(path: string): Promise<string> {
    const response = await this.request.get(path);
    expect(response.ok(), `GET ${path}: ${response.status()}`).toBe(true);
    return response.text();
  }
}

function parse(text: string): SignInMail {
  const links = [...text.matchAll(/\/portal\/link\/[A-Za-z0-9_-]+/g)].map((match) => match[0]);
  const code = text.match(/type this code .*: ([0-9A-Z]{4}-[0-9A-Z]{4})$/m)?.[1];
  expect(links.length, "links in the mail").toBeGreaterThan(0);
  expect(code, "the code in the mail").toBeDefined();
  return { links, code: code ?? "" };
}
