import protobuf from "protobufjs/minimal.js";

// int64 fields are milliseconds, sequence numbers and counts under 2^53: plain numbers, not Long objects. The generated
// code fixes its zero values when it is loaded, so this has to be loaded before it.
protobuf.util.Long = undefined as never;
protobuf.configure();
