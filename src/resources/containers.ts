/** What a config imports from `greenroom/container`. No logic. */
export { compose, type ComposeOptions, type Stack } from './compose/index.ts';
export { container, type ContainerEndpoint, type ContainerOptions, type Volume } from './container/index.ts';
export { image, type ImageEndpoint, type ImageOptions } from './image/index.ts';
export {
  fromTestcontainer,
  type StartedContainer,
  type TestcontainerOptions,
  type UnstartedContainer,
} from './testcontainer/index.ts';
