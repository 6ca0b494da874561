/** The configuration of the service under test, as a user writes it. */
import type { Json } from '../../protocol/plan.ts';
import type { EndpointsOf, Needs } from '../define.ts';
import type { Probe } from '../probes/define.ts';

/** What is known of a resource before it runs: where its rendered files will be, as it sees them. */
export interface Place {
  /** Directory of the rendered files; only where there are `files`. */
  readonly files: string;
}

/** The same of a resource that is told a port. */
export interface PortPlace extends Place {
  /** The port it shall listen on. */
  readonly port: number;
}

/** The text of a file, or an object that is written as JSON, which readers of YAML take as well. */
export type FileContent = string | { readonly [key: string]: Json };

/** Options of kinds that read files. */
export interface FilesOptions<N extends Needs, P extends Place> {
  /**
   * Path → content, or a function of the endpoints of `needs`. Written before it starts, each time anew, into a directory
   * of its own that nobody else may read and that is removed with it. `{files}` stands for that directory in arguments
   * and in values of `env`: `run: ['node', 'api.js', '--config', '{files}/app.yaml']`.
   */
  readonly files?: Readonly<
    Record<string, FileContent | ((needs: EndpointsOf<N>, self: P) => FileContent | Promise<FileContent>)>
  >;
}

/** Keys by their path, such as `'database.url'`, or nested; a value is compared as text, so that 5432 is '5432'. */
export type Values = { readonly [key: string]: Json };

/** Options of kinds that can be asked which configuration they have. */
export interface EffectiveOptions<E, N extends Needs, P extends Place> {
  /**
   * Read back once it is ready and before anybody else gets its endpoint. Where a key has another value than it should,
   * the start fails with CONFIG_OVERRIDDEN, with both values and where the one that won comes from.
   */
  readonly effective?: {
    /** `http('/config')`, answered as JSON, or a function of its endpoint. */
    readonly from: Probe<never> | ((endpoint: E, needs: EndpointsOf<N>) => Values | Promise<Values>);
    /** What the keys should be; others are not looked at. */
    readonly wants: Values | ((needs: EndpointsOf<N>, self: P) => Values | Promise<Values>);
  };
}
