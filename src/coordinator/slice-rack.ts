import { within } from '../platform/deadline.ts';
import { describeError, GreenroomError, type Failure } from '../protocol/failure.ts';
import type { ChaosAct } from '../protocol/messages.ts';
import type { Endpoint, Endpoints } from '../protocol/plan.ts';
import type { SliceMaker } from '../resources/driver.ts';

interface Made {
  readonly name: string;
  readonly making: Promise<Endpoint>;
  dropping?: Promise<readonly string[]>;
  kept?: boolean;
}

/** As many as are kept of one resource: each takes its room for as long as the resource runs. */
const KEPT_MOST = 8;

interface Limits {
  /** Milliseconds to make one. */
  readonly make: number;
  /** Milliseconds to drop one. */
  readonly drop: number;
}

/** The slices of one start of one resource. Each is dropped once, also when making it has failed or takes too long. */
export class SliceRack {
  private readonly resource: string;
  private readonly limits: Limits;
  private readonly nameOf: (slice: string) => string;
  private readonly made = new Map<string, Made>();
  private maker: SliceMaker | undefined;
  private kept = 0;

  constructor(resource: string, limits: Limits, nameOf: (slice: string) => string) {
    this.resource = resource;
    this.limits = limits;
    this.nameOf = nameOf;
  }

  /** The driver says how slices of this resource are made. */
  offer(maker: SliceMaker): void {
    this.maker = maker;
  }

  /** @throws GreenroomError SLICE_FAILED when it is not there in time; what the maker threw */
  async make(slice: string, slot: number, lost: (failure: Failure) => void, needs: Endpoints): Promise<Endpoint> {
    const { maker, resource, limits } = this;
    if (maker === undefined) throw new Error(`${resource} has no slices`);
    const name = this.nameOf(slice);
    const making = maker.make(name, slot, lost, needs);
    this.made.set(slice, { name, making });
    try {
      return await within(making, limits.make, () => {
        throw late(resource, name, limits.make);
      });
    } catch (error) {
      await this.drop(slice);
      throw error;
    }
  }

  /** Its holder's end will not be its own; false where the kind does not keep any, or has kept enough. */
  keep(slice: string): boolean {
    const made = this.made.get(slice);
    if (made === undefined || made.dropping !== undefined || this.maker?.keep === undefined) return false;
    if (made.kept === true) return true;
    if (this.kept === KEPT_MOST) return false;
    this.kept += 1;
    made.kept = true;
    return true;
  }

  /** Brings it back to how it was made; false where the kind does not. */
  async reset(slice: string): Promise<boolean> {
    const made = this.made.get(slice);
    if (made === undefined || made.dropping !== undefined || this.maker?.reset === undefined) return false;
    await this.maker.reset(made.name);
    return true;
  }

  /** Asks how it is, where the kind can tell; that it is not well comes as its loss. */
  async check(slice: string): Promise<void> {
    const made = this.made.get(slice);
    if (made?.dropping === undefined && made !== undefined) await this.maker?.check?.(made.name);
  }

  /** Does something to the processes of a holder's own. */
  async chaos(slice: string, act: ChaosAct): Promise<void> {
    const made = this.made.get(slice);
    if (made !== undefined) await this.maker?.chaos?.(made.name, act);
  }

  /** Returns what could not be removed. */
  drop(slice: string): Promise<readonly string[]> {
    const made = this.made.get(slice);
    if (made === undefined) return Promise.resolve([]);
    made.dropping ??= this.undo(slice, made);
    return made.dropping;
  }

  /** Drops all that are left: the resource goes. */
  async close(): Promise<void> {
    await Promise.all([...this.made.keys()].map((slice) => this.drop(slice)));
  }

  private async undo(slice: string, { name, making, kept }: Made): Promise<readonly string[]> {
    try {
      if (kept === true) {
        this.maker?.keep?.(name);
        return [];
      }
      this.maker?.abandon?.(name);
      const endpoint = await within(
        making.catch(() => undefined),
        this.limits.drop,
        () => undefined,
      );
      const dropping = Promise.resolve(this.maker?.drop(name, endpoint));
      await within(dropping, this.limits.drop, () => {
        throw new Error(`not dropped within ${this.limits.drop} ms`);
      });
      return [];
    } catch (error) {
      return [`slice ${name}: ${describeError(error)}`];
    } finally {
      this.made.delete(slice);
    }
  }
}

function late(resource: string, name: string, ms: number): GreenroomError {
  return new GreenroomError({
    code: 'SLICE_FAILED',
    message: `the slice ${name} of ${resource} was not made within ${ms} ms`,
    subject: resource,
    hint: 'raise `startTimeout` of the resource, or see its log for what it waits for',
  });
}
