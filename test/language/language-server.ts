import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** A place in a document, counted from 0 as the protocol does. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** What the server marks. */
export interface Marked {
  readonly message: string;
  readonly range: { readonly start: Position; readonly end: Position };
}

/** The YAML language server that editors run, over its protocol. */
export class LanguageServer {
  private readonly child: ChildProcessByStdio<Writable, Readable, null>;
  private readonly waiting = new Map<number, (message: Message) => void>();
  private readonly marks = new Map<string, (marked: readonly Marked[]) => void>();
  private buffer = Buffer.alloc(0);
  private nextId = 1;

  constructor() {
    const root = dirname(createRequire(import.meta.url).resolve('yaml-language-server/package.json'));
    this.child = spawn(process.execPath, [join(root, 'out/server/src/server.js'), '--stdio'], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.child.stdout.on('data', (chunk: Buffer) => this.read(chunk));
  }

  async start(): Promise<void> {
    await this.request('initialize', {
      processId: process.pid,
      rootUri: null,
      capabilities: {
        textDocument: {
          completion: { completionItem: { documentationFormat: ['markdown'] } },
          hover: { contentFormat: ['markdown'] },
        },
        workspace: { configuration: true },
      },
    });
    this.send({ method: 'initialized', params: {} });
  }

  /** Opens a document; gives what the server marks in it. */
  open(uri: string, text: string): Promise<readonly Marked[]> {
    const marked = new Promise<readonly Marked[]>((resolve) => this.marks.set(uri, resolve));
    this.send({
      method: 'textDocument/didOpen',
      params: { textDocument: { uri, languageId: 'yaml', version: 1, text } },
    });
    return marked;
  }

  async complete(
    uri: string,
    position: Position,
  ): Promise<readonly { readonly label: string; readonly documentation?: unknown }[]> {
    const found = (await this.request('textDocument/completion', { textDocument: { uri }, position })) as {
      items: { label: string }[];
    };
    return found.items;
  }

  async hover(uri: string, position: Position): Promise<string> {
    const found = (await this.request('textDocument/hover', { textDocument: { uri }, position })) as {
      contents: { value: string };
    } | null;
    return found?.contents.value ?? '';
  }

  stop(): void {
    this.child.kill();
  }

  private request(method: string, params: unknown): Promise<unknown> {
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, ({ result, error }) =>
        error === undefined ? resolve(result) : reject(new Error(error.message)),
      );
      this.send({ id, method, params });
    });
  }

  private send(message: Message): void {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  private read(chunk: Buffer): void {
    this.buffer = Buffer.concat([this.buffer, chunk]);
    for (;;) {
      const head = this.buffer.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = Number(/Content-Length: (\d+)/i.exec(this.buffer.toString('latin1', 0, head))![1]);
      if (this.buffer.length < head + 4 + length) return;
      const message = JSON.parse(this.buffer.toString('utf8', head + 4, head + 4 + length)) as Message;
      this.buffer = this.buffer.subarray(head + 4 + length);
      this.receive(message);
    }
  }

  private receive({ id, method, params, ...rest }: Message): void {
    if (method === undefined) this.waiting.get(id!)?.(rest);
    else if (method === 'textDocument/publishDiagnostics') {
      const { uri, diagnostics } = params as { uri: string; diagnostics: readonly Marked[] };
      this.marks.get(uri)?.(diagnostics);
    } else if (id !== undefined) {
      const items = (params as { items?: readonly { section?: string }[] }).items ?? [];
      const settings = { validate: true, hover: true, completion: true, schemaStore: { enable: false } };
      this.send({ id, result: items.map(({ section }) => (section === 'yaml' ? settings : null)) });
    }
  }
}
