/** Whose a database is, on a server that others use, too: its name says it, and a lock says whether they live. */
import { hash, randomBytes } from 'node:crypto';

interface Identity {
  readonly key: string;
  readonly generation: number;
  readonly nonce: string;
}

/**
 * A name for one start of one resource: `gr_<key>_<generation>_<nonce>_<start>`. Two machines may have equal keys and
 * generations, one generation may have two resources on the server, and a resource may start twice.
 */
export const newOwner = ({ key, generation, nonce }: Identity): string =>
  `gr_${key}_${generation}_${nonce}_${randomBytes(4).toString('hex')}`;

const OWNED = /^(gr_[0-9a-f]{16}_\d+_[0-9a-f]{16}_[0-9a-f]{8})_(?:d\d+|building|template)$/;

/** Whose a database is; undefined: nobody's of us. */
export const ownerOf = (database: string): string | undefined => OWNED.exec(database)?.[1];

/** The number of the advisory lock that an owner holds as long as it lives; PostgreSQL takes 64 bits with a sign. */
export const lockIdOf = (owner: string): string =>
  BigInt.asIntN(64, BigInt(`0x${hash('sha256', owner).slice(0, 16)}`)).toString();
