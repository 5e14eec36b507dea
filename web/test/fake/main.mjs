// Run by `npm run fake`: the built pages and a scripted server behind them, to look at.
import { createFake } from "./server.mjs";

const fake = createFake();
const port = Number(process.env.PORT ?? 5099);
fake.server.listen(port, "127.0.0.1", () => process.stdout.write(`http://127.0.0.1:${port}/demo\n`));
