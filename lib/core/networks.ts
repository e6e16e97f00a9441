/** Which network addresses are out on the internet, and which are this machine, a network of one's own, or kept for something else. Pure. */
import ipaddr from 'ipaddr.js'

/** A network and the length of its prefix. */
export type Network = [ipaddr.IPv4 | ipaddr.IPv6, number]

/** What `allow` stands for: networks that people have at home and at work (RFC 1918, RFC 4193) and the machine itself. */
const common = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '127.0.0.0/8', '::1/128', 'fc00::/7']

/** Answers questions about a cloud's machine, keys included; lies within fc00::/7. Written down by itself it may be asked all the same. */
const metadata = 'fd00:ec2::254'

/** What is handed out to the internet (IANA): everything else of IPv6 is kept for later or for something else. */
const handedOut: Network = [ipaddr.parse('2000::'), 3]

const isV4 = (text: string): boolean => ipaddr.IPv4.isValidFourPartDecimal(text)
/** Canonical, as a resolver or a socket writes it: other spellings of IPv4 are none. */
const isAddress = (text: string): boolean => isV4(text) || (text.includes(':') && ipaddr.IPv6.isValid(text))

/**
 * Networks from a setting: nothing, `allow`, or networks and addresses with commas or spaces between.
 * @throws Error that names what cannot be read
 */
export function readNetworks(text: string): Network[] {
  const parts = text.split(/[\s,]+/).filter(Boolean)
  return parts
    .flatMap((part) => (part === 'allow' ? common : [part]))
    .map((part) => {
      const [address = '', length = isV4(part) ? '32' : '128'] = part.split('/')
      if (!isAddress(address) || !/^\d{1,3}$/.test(length)) throw new Error(`${part} is no network`)
      return ipaddr.parseCIDR(`${address}/${length}`) as Network
    })
}

const within = (address: ipaddr.IPv4 | ipaddr.IPv6, [network, length]: Network): boolean =>
  address.kind() === network.kind() && address.match(network, length)

/**
 * May this address be connected to? Those of the internet may, and those of the networks that the operator has opened.
 * @param address as a resolver or a socket gives it: canonical, without brackets
 */
export function mayReach(address: string, opened: readonly Network[]): boolean {
  if (!isAddress(address)) return false
  // ::ffff:127.0.0.1 is 127.0.0.1 to the system, and so it is judged.
  const parsed = ipaddr.process(address)
  const own = opened.filter((network) => within(parsed, network))
  if (own.length) return address !== metadata || own.some(([, length]) => length === 128)
  if (parsed.kind() === 'ipv6' && !within(parsed, handedOut)) return false
  // Each other name of a range is loopback, private, link-local, multicast, a way into IPv4 by another spelling, or reserved.
  return parsed.range() === 'unicast'
}

/**
 * Who is counted as one caller: an IPv4 address in whichever spelling, and of IPv6 the first half, since whoever has one address
 * there has all the 2^64 that begin alike. Something else stays as it is.
 */
export function callerOf(text: string): string {
  const bare = text.replace(/%.*$/, '')
  if (!isAddress(bare)) return text
  const address = ipaddr.process(bare)
  // Of these each is an IPv4 address behind a translator.
  if (address.kind() === 'ipv4' || address.range() === 'rfc6052') return address.toString()
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${address}/64`)}/64`
}
