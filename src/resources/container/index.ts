/** `greenroom/container`. */
export { image } from '../image/index.ts';
export type { ImageEndpoint, ImageOptions } from '../image/index.ts';
