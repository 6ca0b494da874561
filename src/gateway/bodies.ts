/** What is kept of bodies and paths: the beginning, without secrets. Pure. */
import { redactText } from '../protocol/redact.ts';

/** As in JSON, or as in a form or a query; the text may be cut off anywhere. */
const IN_JSON =
  /("[^"\\]{0,64}(?:pass(?:word|wd)?|secret|token|api_?key|authorization|credential)[^"\\]{0,64}"\s*:\s*)"(?:[^"\\]|\\.)*"?/gi;
const IN_FORM =
  /((?:^|[?&])[\w.%-]{0,64}(?:pass(?:word|wd)?|secret|token|api_?key|authorization|credential)[\w.%-]{0,64}=)[^&\s]*/gi;

export function withoutSecrets(text: string): string {
  return redactText(text).replaceAll(IN_JSON, '$1"***"').replaceAll(IN_FORM, '$1***');
}

/** Counts the bytes of a body and keeps the first of them. */
export class Body {
  private readonly most: number;
  private readonly parts: Buffer[] = [];
  private kept = 0;
  bytes = 0;

  /** @param most bytes that are kept */
  constructor(most: number) {
    this.most = most;
  }

  add(chunk: Buffer): void {
    this.bytes += chunk.length;
    const room = this.most - this.kept;
    if (room <= 0) return;
    // A copy: the chunk may be part of a large buffer.
    const part = Buffer.from(chunk.subarray(0, room));
    this.parts.push(part);
    this.kept += part.length;
  }

  /** Undefined when there is none, or it is no text. */
  get text(): string | undefined {
    if (this.kept === 0) return undefined;
    const text = Buffer.concat(this.parts).toString('utf8');
    return text.includes('\0') ? undefined : withoutSecrets(text);
  }
}
