// What Node says: connections and pairs of files, one job a line.
const tls = require('tls')
const fs = require('fs')
const jobs = fs.readFileSync(0, 'utf8').trim().split('\n')
function next () {
  const line = jobs.shift()
  if (!line) return
  const [number, kind, ...of] = line.split('\t')
  let done = false
  const end = (error) => {
    if (done) return
    done = true
    console.log(number + '\t' + (error ? (error.code || error.name) + ' ' + error.message.trim().replace(/\n/g, '\\n') : ''))
    if (socket) socket.destroy()
    next()
  }
  let socket
  try {
    if (kind === 'pair') {
      tls.createSecureContext({ cert: fs.readFileSync(of[0]), key: fs.readFileSync(of[1]) })
      return end()
    }
    if (kind === 'p12') {
      tls.createSecureContext({ pfx: fs.readFileSync(of[0]), passphrase: of[1] })
      return end()
    }
    const [port, store, name] = of
    socket = tls.connect({ port: +port, host: '127.0.0.1', ca: fs.readFileSync(store), servername: name },
      () => socket.write('GET / HTTP/1.0\r\n\r\n'))
    socket.on('data', () => end())
    socket.on('end', () => end())
    socket.on('error', end)
  } catch (error) { end(error) }
}
next()
