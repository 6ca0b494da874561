/** `image`: an image that is built from the project's own files, for containers and for other images. */
import { defineResource, type CommonOptions, type Resource } from '../define.ts';

/** An image that was built: what runs it, and nothing that changes. */
export type ImageEndpoint = {
  /** The engine's id. */
  readonly id: string;
  /** A name that no other image has or will have. */
  readonly name: string;
  /** Of what it was made from. */
  readonly digest: string;
};

export interface ImageOptions extends Omit<CommonOptions, 'needs'> {
  /** Directory with the files that the build may take, relative to the one of the config file. */
  readonly context: string;
  /** The build file, relative to the context. Default: `Containerfile`, or else `Dockerfile`. */
  readonly file?: string;
  readonly args?: Readonly<Record<string, string>>;
  /** The stage to build; default: the last one. */
  readonly target?: string;
  /** Other images of this config, by what the build file's FROM or `COPY --from` calls them. */
  readonly bases?: Readonly<Record<string, Resource<ImageEndpoint>>>;
  /** Builds it with each start, from its first step on. */
  readonly noCache?: boolean;
  /**
   * What its steps fetch from elsewhere: a name → its version, or a function that finds it out, asked with each start.
   * Another version means another build. Where the build file has an ARG of that name it is given the version, and what
   * stands before it is kept; otherwise all steps are done again.
   */
  readonly externalInputs?: Readonly<Record<string, string | (() => string | Promise<string>)>>;
}

/** Milliseconds that a build may take, where the config does not say: one that has to fetch everything takes minutes. */
const START_TIMEOUT = 600_000;

/** An image of the project. It is built when what it is made from has changed, beside all others. */
export function image(options: ImageOptions): Resource<ImageEndpoint> {
  const { bases = {}, ...rest } = options;
  return defineResource<ImageEndpoint>('image', {
    startTimeout: START_TIMEOUT,
    ...rest,
    needs: bases,
  });
}
