/** Ends a program that runs but no longer answers (an endless loop, a stuck native call), so that it is started again. */
import type { Child } from './child'
import type { Output } from './output'

export interface Watch {
  readonly url: string
  /** One unanswered question, milliseconds. */
  readonly patienceMs: number
  /** Unanswered in a row before it is ended. Questions, not a clock: a machine that slept is no fault of the program. */
  readonly misses: number
}

/** Loading a large model takes a second or two of inference's thread; the web server goes on without labels meanwhile. */
export const patience = {
  web: { patienceMs: 10_000, misses: 3 },
  inference: { patienceMs: 5_000, misses: 2 },
}

const pauseMs = 2_000

/** Returns how to stop watching. A program is watched from its first answer on: starting may take its time. */
export function watchAnswers(child: Child, output: Output, watch: Watch): () => void {
  let watched: number | undefined
  let missed = 0
  let timer: NodeJS.Timeout
  const ask = async () => {
    const { pid } = child
    if (await answers(watch)) {
      watched = pid
      missed = 0
    } else if (pid !== undefined && pid === watched && pid === child.pid) {
      missed++
      if (missed >= watch.misses) {
        output.line(`does not answer any more and is ended (${missed} × ${watch.patienceMs / 1000} s)`)
        watched = undefined
        child.kill()
      }
    }
    timer = setTimeout(ask, pauseMs)
  }
  timer = setTimeout(ask, pauseMs)
  return () => clearTimeout(timer)
}

async function answers({ url, patienceMs }: Watch): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(patienceMs) })
    await response.arrayBuffer()
    return true
  } catch (error) {
    // A refused connection is an ended program, which is noticed elsewhere; only silence counts.
    return (error as Error).name !== 'TimeoutError'
  }
}
