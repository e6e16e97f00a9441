/** Sends a file as a request's body and tells how far it is; failures are those of `api.ts`. */
import { ApiError, failureOf } from './api'

/** No byte moved for so long: the connection is dead. Milliseconds. */
const silence = 30_000
/** The same once all bytes have left: a large import takes its time. */
const patience = 150_000

export interface Sending<Answer> {
  done: Promise<Answer>
  stop(): void
}

/** @param told hears the share that has left, 0..1 */
export function upload<Answer>(url: string, file: File, told: (share: number) => void): Sending<Answer> {
  // fetch cannot tell how much of a body has left.
  const request = new XMLHttpRequest()
  const done = new Promise<Answer>((resolve, reject) => {
    let timer = setTimeout(() => request.abort(), silence)
    const wait = (time: number) => {
      clearTimeout(timer)
      timer = setTimeout(() => request.abort(), time)
    }
    request.upload.onprogress = ({ loaded, total }) => {
      wait(silence)
      told(loaded / total)
    }
    request.upload.onload = () => wait(patience)
    request.onloadend = async () => {
      clearTimeout(timer)
      if (!request.status) return reject(new ApiError('offline', 0))
      const answer = new Response(request.responseText, { status: request.status })
      if (answer.ok) resolve((await answer.json()) as Answer)
      else reject(await failureOf(answer))
    }
    request.open('POST', url)
    request.setRequestHeader('content-type', 'application/octet-stream')
    request.setRequestHeader('x-file-name', encodeURIComponent(file.name.toWellFormed()))
    request.send(file)
  })
  return { done, stop: () => request.abort() }
}
