// A mail server for tests: takes mail on the loopback, remembers it, and answers as a test wants. No TLS, no login.
import { type AddressInfo, createServer, type Socket } from 'node:net'

export interface ReceivedMail {
  from: string
  recipients: string[]
  /** Header lines as they came, folded ones put together. */
  headers: string[]
  /** The decoded body. */
  body: string
}

/** What to answer to a command such as `RCPT TO`, instead of accepting; `hang` never answers. */
export type SmtpReply = (command: string) => string | undefined | 'hang'

export interface SmtpServer {
  readonly url: string
  readonly mails: ReceivedMail[]
  /** Commands of all connections. */
  readonly commands: string[]
  /** Replaced by tests. */
  reply: SmtpReply
  close(): Promise<void>
}

export async function startSmtpServer(port = 0): Promise<SmtpServer> {
  const sockets = new Set<Socket>()
  const listener = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    converse(socket, server)
  })
  await new Promise<void>((done) => listener.listen(port, '127.0.0.1', done))
  const server: SmtpServer = {
    url: `smtp://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    mails: [],
    commands: [],
    reply: () => undefined,
    close: () =>
      new Promise((done) => {
        listener.close(() => done())
        for (const socket of sockets) socket.destroy()
      }),
  }
  return server
}

function converse(socket: Socket, server: SmtpServer): void {
  let mail = emptyMail()
  let buffered = ''
  let inData = false
  const say = (line: string) => socket.write(`${line}\r\n`)
  const answer = (command: string, usual: string): boolean => {
    server.commands.push(command)
    const reply = server.reply(command) ?? usual
    if (reply !== 'hang') say(reply)
    return reply === usual
  }
  const handle = (line: string) => {
    const [verb = ''] = /^(MAIL FROM|RCPT TO|\w+)/i.exec(line)?.map((text) => text.toUpperCase()) ?? []
    const address = /<([^>]*)>/.exec(line)?.[1] ?? ''
    if (verb === 'MAIL FROM' && answer(line, '250 sender ok')) mail = { ...emptyMail(), from: address }
    else if (verb === 'RCPT TO' && answer(line, '250 recipient ok')) mail.recipients.push(address)
    else if (verb === 'DATA') inData = answer(line, '354 go on')
    else if (verb === 'EHLO') answer(line, '250-loopback\r\n250-SMTPUTF8\r\n250 8BITMIME')
    else if (verb === 'QUIT') answer(line, '221 bye')
    else if (verb !== 'MAIL FROM' && verb !== 'RCPT TO') answer(line, '250 ok')
  }
  say('220 loopback')
  socket.on('data', (chunk) => {
    buffered += chunk.toString('utf8')
    for (;;) {
      const end = buffered.indexOf(inData ? '\r\n.\r\n' : '\r\n')
      if (end < 0) return
      const text = buffered.slice(0, end)
      buffered = buffered.slice(end + (inData ? 5 : 2))
      if (!inData) handle(text)
      else {
        inData = false
        if (answer('.', '250 queued')) server.mails.push({ ...mail, ...parse(text) })
      }
    }
  })
}

const emptyMail = (): ReceivedMail => ({ from: '', recipients: [], headers: [], body: '' })

function parse(text: string): Pick<ReceivedMail, 'headers' | 'body'> {
  const split = text.indexOf('\r\n\r\n')
  const headers = text
    .slice(0, split)
    .replaceAll(/\r\n[ \t]+/g, ' ')
    .split('\r\n')
  const raw = text.slice(split + 4).replaceAll(/^\.\./gm, '.')
  const encoding = headers
    .find((line) => /^content-transfer-encoding:/i.test(line))
    ?.split(':')[1]
    ?.trim()
    .toLowerCase()
  if (encoding === 'base64') return { headers, body: Buffer.from(raw, 'base64').toString('utf8') }
  return { headers, body: encoding === 'quoted-printable' ? unquote(raw) : raw }
}

function unquote(text: string): string {
  const bytes = text
    .replaceAll(/=\r\n/g, '')
    .replaceAll(/=([\dA-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
