/** Which addresses an endpoint may have, when a delivery is tried again, and when an endpoint is given up. Pure. */
import { AppError } from '@/lib/core/errors'
import { mayReach, type Network } from '@/lib/core/networks'
import { readAddress } from '@/lib/platform/safe-fetch'

/**
 * The address in its normal form. Where a name leads is asked when something is sent; what can be told by looking is told at once.
 * In clear, and to names without a dot, only where the operator has opened networks of their own.
 * @throws webhook_address
 */
export function acceptAddress(text: string, opened: readonly Network[]): string {
  let url: URL
  try {
    url = readAddress(text)
  } catch (cause) {
    throw new AppError('webhook_address', { field: 'url' }, { cause })
  }
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const isAddress = url.hostname.startsWith('[') || /^[\d.]+$/.test(host)
  const closed = isAddress ? !mayReach(host, opened) : !opened.length && !/[^.]\.[^.]/.test(host)
  if (closed || (url.protocol === 'http:' && !opened.length)) throw new AppError('webhook_address', { field: 'url' })
  url.hash = ''
  return url.href
}

const second = 1_000
const minute = 60 * second
const hour = 60 * minute

/** Between one attempt and the next: nine attempts in some 22 hours. */
const pauses = [5 * second, 30 * second, 3 * minute, 15 * minute, hour, 3 * hour, 6 * hour, 12 * hour]

/** Milliseconds until the next try after so many attempts, give or take a fifth; null when it is given up. */
export function pauseAfter(attempts: number, random: number): number | null {
  const pause = pauses[attempts - 1]
  return pause === undefined ? null : Math.round(pause * (0.8 + 0.4 * random))
}

/** So many failures in a row are chance; after them the endpoint rests, so that what waits for it does not hold up the worker. */
const patient = 5

/** Milliseconds for which nothing is sent to an endpoint after so many failures in a row: 10 s, doubling up to 10 minutes. */
export const restAfter = (failures: number): number =>
  failures < patient ? 0 : Math.min(10 * second * 2 ** (failures - patient), 10 * minute)

/** An endpoint at which nothing has arrived for so long is switched off; milliseconds. */
export const givenUpAfter = 5 * 24 * hour

/** For so long a secret that was replaced signs, too; milliseconds. */
export const bothSecrets = 24 * hour
