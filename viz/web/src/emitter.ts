/* What graphology and sigma need of Node's `events`, in place of the whole: the build puts it there. */
type Listener = (...args: unknown[]) => void;

export class EventEmitter {
  #known = new Map<string, Listener[]>();

  on(name: string, listener: Listener): this {
    this.#known.set(name, [...this.listeners(name), listener]);
    return this;
  }

  once(name: string, listener: Listener): this {
    const first: Listener = (...args) => {
      this.off(name, first);
      listener.apply(this, args);
    };
    return this.on(name, first);
  }

  off(name: string, listener: Listener): this {
    this.#known.set(name, this.listeners(name).filter((one) => one !== listener));
    return this;
  }

  emit(name: string, ...args: unknown[]): boolean {
    const all = this.listeners(name);
    for (const one of all) one.apply(this, args);
    return all.length > 0;
  }

  listeners(name: string): Listener[] {
    return this.#known.get(name) ?? [];
  }

  listenerCount(name: string): number {
    return this.listeners(name).length;
  }

  removeAllListeners(name?: string): this {
    if (name === undefined) this.#known.clear();
    else this.#known.delete(name);
    return this;
  }

  addListener(name: string, listener: Listener): this {
    return this.on(name, listener);
  }

  removeListener(name: string, listener: Listener): this {
    return this.off(name, listener);
  }

  setMaxListeners(): this {
    return this;
  }
}
