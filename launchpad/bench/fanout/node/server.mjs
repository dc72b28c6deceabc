// Node's socket.io as it comes: emits one event to everybody, as often as each line of input says.
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { Server } from "socket.io";

const http = createServer();
const io = new Server(http, { transports: ["websocket"] });
let seq = 0;

createInterface({ input: process.stdin }).on("line", (line) => {
  const [count, size] = line.split(" ").map(Number);
  const pad = "x".repeat(size);
  for (let left = count; left > 0; left -= 1) {
    seq += 1;
    const at = Number(process.hrtime.bigint());
    io.emit("live", { v: 1, type: "trade", channel: "market", seq, data: { at, pad } });
  }
});
http.listen(0, "127.0.0.1", () => console.log(http.address().port));
