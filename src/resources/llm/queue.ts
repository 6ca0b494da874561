/** First in, first out, at the cost of an array: sets and maps of what comes and goes all the time cost ten times as much. */
export class Queue<T> {
  private items: T[] = [];
  private head = 0;

  get size(): number {
    return this.items.length - this.head;
  }

  push(item: T): void {
    this.items.push(item);
  }

  shift(): T | undefined {
    const item = this.items[this.head];
    if (this.head < this.items.length) this.head += 1;
    // The places of what has gone are given back once they are most of it.
    if (this.head * 2 > this.items.length) this.keep(() => true);
    return item;
  }

  /** Forgets the others. */
  keep(which: (item: T) => boolean): void {
    this.items = this.items.slice(this.head).filter(which);
    this.head = 0;
  }

  /** Oldest first. */
  all(): readonly T[] {
    return this.items.slice(this.head);
  }
}
