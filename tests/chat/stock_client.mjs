// The stock client on each transport: follows a token, then prints what it heard.
// Arguments: address, mint, how many live events to wait for.
import { io } from "socket.io-client";

const [url, mint, count] = process.argv.slice(2);

async function follower(transports) {
  const socket = io(url, { transports, forceNew: true, reconnection: false });
  const heard = [];
  const all = new Promise((done) => {
    socket.on("live", (event) => heard.push(event.seq) === Number(count) && done());
  });
  await new Promise((done, failed) => socket.on("connect", done).on("connect_error", failed));
  const upgraded = new Promise((done) => socket.io.engine.on("upgrade", done));
  if (transports.length > 1 && socket.io.engine.transport.name === "polling") await upgraded;
  const ack = await socket.timeout(10_000).emitWithAck("subscribe:token", { mint });
  return { ack, all, heard, socket };
}

const followers = await Promise.all([["websocket"], ["polling", "websocket"], ["polling"]].map(follower));
console.log("ready");
await Promise.all(followers.map(({ all }) => all));
const told = followers.map(({ ack, heard, socket }) => ({ ok: ack.ok, heard, transport: socket.io.engine.transport.name }));
console.log(JSON.stringify(told));
for (const { socket } of followers) socket.disconnect();
