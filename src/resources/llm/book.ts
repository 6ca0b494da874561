/** What a mock LLM was told to answer, to whom, and what it was asked: all of its state. No input, no output. */
import type { Origin } from '../../protocol/baggage.ts';
import { echo } from './answer.ts';
import type { Asked } from './asked.ts';
import { misfits, nearest, summaryOf } from './matching.ts';
import { Page, type Call } from './page.ts';
import { Queue } from './queue.ts';
import type { Noted, Report } from './report.ts';
import type { ReplyParts, Script } from './scenario.ts';

/** Who speaks to the server beside the requests: a spec, or whoever has the slot. */
export interface Scripter extends Origin {
  /** The lease that has the slot: with another one, a new worker begins. */
  readonly lease?: string | undefined;
  /** When this try of the spec began, in milliseconds since 1970: what was asked before is not its own. */
  readonly since?: number | undefined;
}

/** Several specs may run in one worker at the same time. */
interface Slot {
  lease: string | undefined;
  page: Page;
  readonly specs: Map<string, Page>;
}

/** What to answer, and by whose word. */
export type Decision = { readonly reply: ReplyParts; readonly scenario: string } | { readonly unmatched: string };

/** Bytes, about, of requests that are kept for who asks, over all specs; the oldest go first. */
const KEPT_BYTES = 16 * 2 ** 20;
/** What a request takes that is kept, about: its own, and for each letter of its body, of which some are no Latin ones. */
const CALL_BYTES = 800;
const BYTES_PER_LETTER = 2;
/** Of each list in a report. */
const NOTED_MOST = 100;
const NEAR_MOST = 3;
const DEFAULT_SCENARIO = 'no scenario';

export class Book {
  private readonly shared: readonly Script[];
  private readonly forceText: boolean;
  private readonly slots = new Map<number, Slot>();
  private readonly nobody = new Page();
  private readonly used = new Map<Script, number>();
  private readonly unmatched = new Map<string, Noted>();
  private readonly unused: { readonly text: string; readonly at: number }[] = [];
  /** Whose the calls are that are kept, oldest first; each page has its own in the same order. */
  private readonly kept = new Queue<Page>();
  private keptBytes = 0;
  private requests = 0;
  private unattributed = 0;

  constructor(shared: readonly Script[], forceText: boolean) {
    this.shared = shared;
    this.forceText = forceText;
  }

  /** What is answered to this request: by its spec's scripts, its slot's, then what all share. */
  decide(asked: Asked, text: string, whose: Origin | undefined, now: number): Decision {
    this.requests += 1;
    if (whose === undefined) this.unattributed += 1;
    const slot = whose && this.slotOf(whose.slot);
    const page = slot === undefined ? this.nobody : pageFor(slot, whose?.spec);
    const own = [...(page === slot?.page ? [] : page.scripts), ...(slot?.page.scripts ?? [])];
    const textOnly = page.forceText ?? slot?.page.forceText ?? this.forceText;
    const found =
      this.take(page.scripts, page, asked, textOnly) ??
      (slot === undefined || slot.page === page
        ? undefined
        : this.take(slot.page.scripts, slot.page, asked, textOnly)) ??
      this.take(this.shared, page, asked, textOnly, now);
    const none = own.length + this.shared.length === 0;
    const decision: Decision =
      found ??
      (none || textOnly
        ? { reply: echo(asked), scenario: DEFAULT_SCENARIO }
        : { unmatched: this.whyUnmatched(asked, whose, slot, [...own, ...this.shared]) });
    if ('unmatched' in decision) note(this.unmatched, `${summaryOf(asked)} of ${nameOf(whose)}`, now);
    if (whose !== undefined) {
      const scenario = 'scenario' in decision ? decision.scenario : null;
      this.keep(page, { at: now, api: asked.api, scenario, text });
    }
    return decision;
  }

  /** Adds a script of a spec, or of a slot. */
  add(who: Scripter, script: Script, now: number): void {
    this.open(who, now).scripts.push(script);
  }

  setForceText(who: Scripter, on: boolean, now: number): void {
    this.open(who, now).forceText = on;
  }

  /** What a spec, or a slot outside of its specs, has asked. */
  calls(who: Scripter, now: number): { readonly calls: readonly Call[]; readonly dropped: number } {
    const { calls, dropped } = this.open(who, now);
    return { calls: calls.all().filter(({ at }) => at >= (who.since ?? 0)), dropped };
  }

  /** A try of a spec is over, or a slot: nothing of it stays. Returns the names of its scripts that answered nothing. */
  end(who: Scripter, now: number): readonly string[] {
    const slot = this.slots.get(who.slot);
    if (slot === undefined) return [];
    const page = who.spec === undefined ? slot.page : slot.specs.get(who.spec);
    if (page === undefined) return [];
    const unused = this.close(page, who, now);
    if (who.spec === undefined) slot.page = new Page();
    else slot.specs.delete(who.spec);
    return unused;
  }

  /** A slot's part begins or ends: nothing that was said or asked there stays. */
  clear(number: number, now: number): void {
    const slot = this.slots.get(number);
    if (slot === undefined) return;
    for (const [spec, page] of slot.specs) this.close(page, { slot: number, spec }, now);
    this.close(slot.page, { slot: number }, now);
    this.slots.delete(number);
  }

  /** @param since Milliseconds since 1970: what a run before has left is not told again. */
  report(since: number): Report {
    const open = [...this.slots].flatMap(([slot, { page, specs }]) => [
      ...unusedOf(page, { slot }),
      ...[...specs].flatMap(([spec, own]) => unusedOf(own, { slot, spec })),
    ]);
    return {
      requests: this.requests,
      unattributed: this.unattributed,
      unmatched: [...this.unmatched.values()].filter(({ at }) => at >= since),
      unused: [
        ...this.shared.filter((script) => (this.used.get(script) ?? -1) < since).map(({ name }) => name),
        ...this.unused.filter(({ at }) => at >= since).map(({ text }) => text),
        ...open,
      ],
    };
  }

  private take(
    scripts: readonly Script[],
    page: Page,
    asked: Asked,
    textOnly: boolean,
    usedAt?: number,
  ): Extract<Decision, { readonly scenario: string }> | undefined {
    for (const script of scripts) {
      const uses = page.uses.get(script) ?? 0;
      if (uses >= (script.times ?? Infinity) || misfits(script, asked).length > 0) continue;
      const reply = replyNow(script, uses, textOnly);
      if (reply === undefined) continue;
      page.uses.set(script, uses + 1);
      if (usedAt !== undefined) this.used.set(script, usedAt);
      return { reply, scenario: script.name };
    }
    return undefined;
  }

  /** The page of who scripts. From now on requests of the slot that name no spec may be this one's. */
  private open({ slot: number, spec, lease }: Scripter, now: number): Page {
    const before = this.slots.get(number);
    // The worker that had the slot before is gone, and could not say so.
    if (before?.lease !== undefined && lease !== undefined && before.lease !== lease) this.clear(number, now);
    const slot = this.slotOf(number);
    slot.lease ??= lease;
    const page = spec === undefined ? slot.page : specPage(slot, spec);
    page.open = true;
    return page;
  }

  private slotOf(number: number): Slot {
    let slot = this.slots.get(number);
    if (slot === undefined) {
      slot = { lease: undefined, page: new Page(), specs: new Map() };
      this.slots.set(number, slot);
    }
    return slot;
  }

  private whyUnmatched(
    asked: Asked,
    whose: Origin | undefined,
    slot: Slot | undefined,
    all: readonly Script[],
  ): string {
    const several = whose?.spec === undefined && slot !== undefined && openSpecs(slot).length > 1;
    const near = nearest(all, asked, NEAR_MOST);
    return [
      `No scenario of the mock LLM matches this request of ${nameOf(whose)}: ${summaryOf(asked)}.`,
      ...(near.length === 0 ? [] : [`Near: ${near.join('; ')}.`]),
      ...(whose === undefined
        ? [
            "Whose it is is not known, so only shared scenarios could answer: pass the header `baggage` on, or give each worker a port of its own by `slice: 'worker'`.",
          ]
        : []),
      ...(several
        ? [
            'Several specs of this worker have scripts, and the request does not say whose it is: pass the header `baggage` on.',
          ]
        : []),
    ].join(' ');
  }

  private keep(page: Page, call: Call): void {
    page.calls.push(call);
    this.kept.push(page);
    this.keptBytes += costOf(call);
    while (this.keptBytes > KEPT_BYTES && this.kept.size > 0) this.dropOldest();
  }

  private dropOldest(): void {
    const page = this.kept.shift();
    const call = page?.calls.shift();
    if (page === undefined || call === undefined) return;
    page.dropped += 1;
    this.keptBytes -= costOf(call);
    if (page.isEmpty) page.remove();
  }

  private close(page: Page, whose: Origin, now: number): readonly string[] {
    const unused = unusedOf(page, whose);
    for (const text of unused) if (this.unused.length < NOTED_MOST) this.unused.push({ text, at: now });
    if (page.calls.size > 0) this.kept.keep((one) => one !== page);
    for (const call of page.calls.all()) this.keptBytes -= costOf(call);
    page.calls.keep(() => false);
    return unused;
  }
}

/** Of a request that names no spec: the only one of its slot that scripts. */
function pageFor(slot: Slot, spec: string | undefined): Page {
  if (spec !== undefined) return specPage(slot, spec);
  const [only, ...others] = openSpecs(slot);
  return only === undefined || others.length > 0 ? slot.page : only;
}

function openSpecs({ specs }: Slot): readonly Page[] {
  return [...specs.values()].filter(({ open }) => open);
}

function specPage({ specs }: Slot, spec: string): Page {
  let page = specs.get(spec);
  if (page === undefined) {
    page = new Page(() => specs.delete(spec));
    specs.set(spec, page);
  }
  return page;
}

/** With `textOnly`, nothing that calls a tool: what it says besides, or nothing at all. */
function replyNow({ replies }: Script, uses: number, textOnly: boolean): ReplyParts | undefined {
  const reply = replies[Math.min(uses, replies.length - 1)];
  if (reply?.toolCalls === undefined || !textOnly) return reply;
  const { toolCalls: _, ...rest } = reply;
  return rest.text === undefined && rest.chunks === undefined ? undefined : rest;
}

function unusedOf({ scripts, uses }: Page, whose: Origin): readonly string[] {
  return scripts.filter((script) => !uses.has(script)).map(({ name }) => `${name} of ${nameOf(whose)}`);
}

function nameOf(whose: Origin | undefined): string {
  if (whose === undefined) return 'nobody known';
  return `slot ${whose.slot}${whose.spec === undefined ? '' : `, spec ${whose.spec}`}`;
}

const costOf = ({ text }: Call): number => CALL_BYTES + BYTES_PER_LETTER * text.length;

function note(all: Map<string, Noted>, text: string, at: number): void {
  const before = all.get(text);
  if (before !== undefined) {
    before.count += 1;
    before.at = at;
  } else if (all.size < NOTED_MOST) all.set(text, { text, count: 1, at });
}
