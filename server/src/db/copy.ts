import type { Connection, PoolClient, Submittable } from "pg";

// COPY in the binary format: https://www.postgresql.org/docs/18/sql-copy.html. It costs less than half the CPU of an INSERT
// with text parameters (docs/adr/0003), because PostgreSQL parses nothing and inserts many rows a page visit.

const postgresEpoch = Date.UTC(2000, 0, 1);
const header = Buffer.from("PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0", "latin1");
const oidFloat4 = 700;
const chunkBytes = 1 << 20;

/** Builds the data of one COPY ... FROM STDIN BINARY. Fields are written in the order of the columns. */
export class CopyWriter {
  private buffer: Buffer;
  private view: DataView;
  private at = header.length;

  constructor(sizeHint: number) {
    this.buffer = Buffer.allocUnsafe(Math.max(sizeHint, 1024));
    this.view = viewOf(this.buffer);
    header.copy(this.buffer);
  }

  /** Begins a row of that many fields. */
  row(fields: number): void {
    this.reserve(2);
    this.view.setInt16(this.at, fields);
    this.at += 2;
  }

  /** A timestamptz from Unix ms. */
  timestamp(ms: number): void {
    this.reserve(12);
    const micros = (ms - postgresEpoch) * 1000;
    this.view.setInt32(this.at, 8);
    this.view.setInt32(this.at + 4, Math.floor(micros / 0x1_0000_0000));
    this.view.setUint32(this.at + 8, ((micros % 0x1_0000_0000) + 0x1_0000_0000) % 0x1_0000_0000);
    this.at += 12;
  }

  int4(value: number): void {
    this.reserve(8);
    this.view.setInt32(this.at, 4);
    this.view.setInt32(this.at + 4, value);
    this.at += 8;
  }

  /** A real[]. */
  reals(values: Float32Array): void {
    const count = values.length;
    this.reserve(24 + count * 8);
    const { view } = this;
    let at = this.at;
    view.setInt32(at, count === 0 ? 12 : 20 + count * 8);
    view.setInt32(at + 4, count === 0 ? 0 : 1);
    view.setInt32(at + 8, 0);
    view.setInt32(at + 12, oidFloat4);
    at += 16;
    if (count > 0) {
      view.setInt32(at, count);
      view.setInt32(at + 4, 1);
      at += 8;
    }
    for (let i = 0; i < count; i++) {
      view.setInt32(at, 4);
      view.setFloat32(at + 4, values[i] as number);
      at += 8;
    }
    this.at = at;
  }

  /** Ends the data. Nothing can be added afterwards. */
  end(): Buffer {
    this.reserve(2);
    this.view.setInt16(this.at, -1);
    this.at += 2;
    return this.buffer.subarray(0, this.at);
  }

  private reserve(bytes: number): void {
    if (this.at + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.at + bytes));
    this.buffer.copy(larger, 0, 0, this.at);
    this.buffer = larger;
    this.view = viewOf(larger);
  }
}

/** Reads the fields of one row of COPY ... TO STDOUT BINARY, in the order of the columns; none may be null. */
export class CopyRow {
  private view = viewOf(header);
  private at = 0;

  /** Starts on a row; false for the trailer. */
  start(data: Buffer, offset: number): boolean {
    this.view = viewOf(data);
    this.at = offset + 2;
    return this.view.getInt16(offset) >= 0;
  }

  /** Unix ms of a timestamptz. */
  timestamp(): number {
    const micros = this.view.getInt32(this.at + 4) * 0x1_0000_0000 + this.view.getUint32(this.at + 8);
    this.at += 12;
    return micros / 1000 + postgresEpoch;
  }

  int4(): number {
    const value = this.view.getInt32(this.at + 4);
    this.at += 8;
    return value;
  }

  /** A real, NaN where null. */
  real(): number {
    const length = this.view.getInt32(this.at);
    const value = length < 0 ? Number.NaN : this.view.getFloat32(this.at + 4);
    this.at += 4 + Math.max(0, length);
    return value;
  }

  /** A real[]; nulls become NaN. */
  reals(): Float32Array {
    const end = this.at + 4 + this.view.getInt32(this.at);
    const count = this.view.getInt32(this.at + 4) === 0 ? 0 : this.view.getInt32(this.at + 16);
    const values = new Float32Array(count);
    this.at += 24;
    for (let i = 0; i < count; i++) values[i] = this.real();
    this.at = end;
    return values;
  }
}

/** Runs `COPY ... FROM STDIN BINARY` with that data. Throws what the database says. */
export function copyIn(client: PoolClient, statement: string, data: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    client.query(new Copy(statement, resolve, reject, data, undefined));
  });
}

/** Runs `COPY ... TO STDOUT BINARY` and calls `onRow` for each row; the row is valid during the call only. */
export function copyOut(client: PoolClient, statement: string, onRow: (row: CopyRow) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    client.query(new Copy(statement, resolve, reject, undefined, onRow));
  });
}

/** What pg calls while a query of ours is on the line. */
class Copy implements Submittable {
  private failed: Error | undefined;
  private first = true;
  private readonly reader = new CopyRow();
  private readonly statement: string;
  private readonly resolve: () => void;
  private readonly reject: (error: Error) => void;
  private readonly data: Buffer | undefined;
  private readonly onRow: ((row: CopyRow) => void) | undefined;

  constructor(
    statement: string,
    resolve: () => void,
    reject: (error: Error) => void,
    data: Buffer | undefined,
    onRow: ((row: CopyRow) => void) | undefined,
  ) {
    this.statement = statement;
    this.resolve = resolve;
    this.reject = reject;
    this.data = data;
    this.onRow = onRow;
  }

  submit(connection: Connection): void {
    connection.query(this.statement);
  }

  handleCopyInResponse(connection: Connection & { sendCopyFromChunk(chunk: Buffer): void; endCopyFrom(): void }): void {
    const data = this.data ?? Buffer.alloc(0);
    for (let at = 0; at < data.length; at += chunkBytes)
      connection.sendCopyFromChunk(data.subarray(at, at + chunkBytes));
    connection.endCopyFrom();
  }

  handleCopyData({ chunk }: { chunk: Buffer }): void {
    if (this.failed !== undefined || this.onRow === undefined) return;
    const offset = this.first ? header.length : 0;
    this.first = false;
    try {
      if (chunk.length > offset && this.reader.start(chunk, offset)) this.onRow(this.reader);
    } catch (error) {
      this.failed = error as Error;
    }
  }

  handleReadyForQuery(): void {
    if (this.failed === undefined) this.resolve();
    else this.reject(this.failed);
  }

  handleError(error: Error): void {
    this.reject(error);
  }

  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleCommandComplete(): void {}
  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}
}

function viewOf(data: Buffer): DataView {
  return new DataView(data.buffer, data.byteOffset, data.length);
}
