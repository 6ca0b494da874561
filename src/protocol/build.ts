/** What became of a build, for people and reports. */
export interface BuildFact {
  /** `cold`: no step was kept from an earlier build. `warm`: some were. `unchanged`: the image was there already. */
  readonly how: 'cold' | 'warm' | 'unchanged';
  /** When its turn came and when it was done, milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
  /** Milliseconds before that, in which others had all the room. */
  readonly waited: number;
  readonly steps: number;
  /** Steps that the engine had kept. */
  readonly cached: number;
  /** Of what it was made from. */
  readonly digest: string;
  /** When the engine made the image, milliseconds since the epoch. */
  readonly madeAt: number;
}
