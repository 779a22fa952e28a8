// Node's tls.connect with `ca`; jobs on standard input, one after another.
const tls = require('tls')
const fs = require('fs')
const net = require('net')
const jobs = fs.readFileSync(0, 'utf8').trim().split('\n')
function next () {
  const job = jobs.shift()
  if (!job) return
  const [number, port, store, , name] = job.split('\t')
  let done = false
  const end = (text) => {
    if (done) return
    done = true
    console.log(number + '\t' + text)
    socket.destroy()
    next()
  }
  const sni = net.isIP(name) ? {} : { servername: name }
  const socket = tls.connect({ port: +port, host: '127.0.0.1', ca: fs.readFileSync(store), ...sni,
    checkServerIdentity: (_, certificate) => tls.checkServerIdentity(name, certificate) }, () => end('ok'))
  socket.on('error', (error) => end('no\t' + error.code + ' ' + error.message.split('\n')[0]))
}
next()
