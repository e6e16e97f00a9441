/** A mail server of a test's own (RFC 5321): keeps what arrives, and lets something happen at each point of a delivery. */
import net from 'node:net'

/** In the order of a delivery: after `received` the mail is here, after `answered` its sender has been told so. */
export type SmtpPoint = 'connected' | 'greeted' | 'from' | 'to' | 'data' | 'received' | 'answered'

export interface ArrivedMail {
  messageId: string
  subject: string
}

const header = (mail: string, name: string): string => new RegExp(`^${name}: (.*)$`, 'im').exec(mail)?.[1]?.trim() ?? ''

export class OwnSmtp {
  readonly mails: ArrivedMail[] = []
  url = ''
  #point: SmtpPoint | undefined
  #act = () => {}
  readonly #server = net.createServer((socket) => this.#talk(socket))

  async start(): Promise<this> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done))
    this.url = `smtp://127.0.0.1:${(this.#server.address() as net.AddressInfo).port}`
    return this
  }

  stop(): Promise<void> {
    return new Promise((done) => this.#server.close(() => done()))
  }

  /** Does something once, when the next delivery gets there; that delivery then gets no further answer. */
  when(point: SmtpPoint, act: () => void): void {
    this.#point = point
    this.#act = act
  }

  /** True when the delivery is to stop here. */
  #reached(point: SmtpPoint): boolean {
    if (this.#point !== point) return false
    this.#point = undefined
    this.#act()
    return true
  }

  #talk(socket: net.Socket): void {
    let text = ''
    let inMail = false
    let silent = false
    socket.on('error', () => {})
    const say = (point: SmtpPoint, answer: string) => {
      if (silent) return
      silent = point !== 'answered' && this.#reached(point)
      if (!silent) socket.write(`${answer}\r\n`)
    }
    say('connected', '220 test')
    socket.on('data', (piece) => {
      text += piece
      for (;;) {
        const end = text.indexOf(inMail ? '\r\n.\r\n' : '\r\n')
        if (end < 0) return
        const part = text.slice(0, end)
        text = text.slice(end + (inMail ? 5 : 2))
        if (inMail) {
          inMail = false
          this.mails.push({ messageId: header(part, 'Message-ID'), subject: header(part, 'Subject') })
          say('received', '250 kept')
          if (!silent) this.#reached('answered')
        } else if (/^(EHLO|HELO)/i.test(part)) say('greeted', '250 test')
        else if (/^MAIL/i.test(part)) say('from', '250 ok')
        else if (/^RCPT/i.test(part)) say('to', '250 ok')
        else if (/^DATA/i.test(part)) {
          say('data', '354 go on')
          inMail = !silent
        } else if (/^QUIT/i.test(part)) socket.end('221 bye\r\n')
        else if (!silent) socket.write('250 ok\r\n')
      }
    })
  }
}
