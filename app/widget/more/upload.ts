/** Brings one file to the server, telling how far it is. */
import type { Attachment } from '../frame/types'
import type { Ask } from './more'
import { locale } from './words'

export interface Upload {
  done: Promise<Attachment>
  stop(): void
}

/** A refusal for good has words of the server; anything else may be tried again. */
export interface UploadFailure {
  words: string
  final: boolean
}

/** No sign of life for so long: the connection is dead. Milliseconds. */
const SILENCE = 30_000

export type Send = (file: File, progress: (share: number) => void) => Upload

export const createUpload =
  (ask: Ask, token: () => string | undefined): Send =>
  (file, progress) => {
    let request: XMLHttpRequest
    // fetch cannot tell how much of a body has left.
    const once = () =>
      new Promise<XMLHttpRequest>((resolve) => {
        request = new XMLHttpRequest()
        let timer = setTimeout(() => request.abort(), SILENCE)
        request.upload.onprogress = ({ loaded, total }) => {
          clearTimeout(timer)
          timer = setTimeout(() => request.abort(), SILENCE)
          progress(loaded / total)
        }
        request.onloadend = () => {
          clearTimeout(timer)
          resolve(request)
        }
        request.open('POST', '/api/widget/attachments')
        request.responseType = 'json'
        request.setRequestHeader('authorization', `Bearer ${token()}`)
        request.setRequestHeader('x-file-name', encodeURIComponent(file.name.toWellFormed?.() ?? file.name))
        request.setRequestHeader('accept-language', locale)
        request.setRequestHeader('content-type', 'application/octet-stream')
        request.send(file)
      })
    const run = async () => {
      // Somebody whose first act is a file has no session yet; a token that ran out is renewed by asking anything.
      if (!token()) await ask('messages?limit=1')
      let answer = await once()
      if (answer.status === 401) {
        await ask('messages?limit=1')
        answer = await once()
      }
      if (answer.status === 201) return answer.response as Attachment
      const final = /^4(?!01|08|29)/.test(`${answer.status}`)
      throw { words: final ? (answer.response?.title ?? '') : '', final } satisfies UploadFailure
    }
    return { done: run(), stop: () => request?.abort() }
  }
