/** A memory of bounded size: what was not asked for longest is forgotten first. */
export class Recent<V> {
  readonly #map = new Map<string, V>()
  constructor(readonly limit: number) {}

  get(key: string, make: () => V): V {
    const known = this.#map.get(key)
    if (known !== undefined) {
      this.#map.delete(key)
      this.#map.set(key, known)
      return known
    }
    const made = make()
    this.#map.set(key, made)
    if (this.#map.size > this.limit) this.#map.delete(this.#map.keys().next().value as string)
    return made
  }

  clear(): void {
    this.#map.clear()
  }
}
