/** A reason why Lingxi cannot start, written as one sentence for the person at the terminal (shown without a stack). */
export class StartupError extends Error {
  override name = 'StartupError'
}
