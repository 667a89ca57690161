import * as $protobuf from "protobufjs";
import Long = require("long");

/** Namespace fairlead. */
export namespace fairlead {

    /** Namespace agent. */
    namespace agent {

        /** Namespace v1. */
        namespace v1 {

            /**
             * Properties of an EnrollRequest.
             * @deprecated Use fairlead.agent.v1.EnrollRequest.$Properties instead.
             */
            interface IEnrollRequest extends fairlead.agent.v1.EnrollRequest.$Properties {
            }

            /** Represents an EnrollRequest. */
            class EnrollRequest {

                /**
                 * Constructs a new EnrollRequest.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.EnrollRequest.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** EnrollRequest token. */
                token: string;

                /** EnrollRequest csrDer. */
                csrDer: Uint8Array;

                /** EnrollRequest hostname. */
                hostname: string;

                /** EnrollRequest machineId. */
                machineId: string;

                /** EnrollRequest agentVersion. */
                agentVersion: string;

                /** EnrollRequest facts. */
                facts: { [k: string]: string };

                /**
                 * Creates a new EnrollRequest instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns EnrollRequest instance
                 */
                static create(properties: fairlead.agent.v1.EnrollRequest.$Shape): fairlead.agent.v1.EnrollRequest & fairlead.agent.v1.EnrollRequest.$Shape;
                static create(properties?: fairlead.agent.v1.EnrollRequest.$Properties): fairlead.agent.v1.EnrollRequest;

                /**
                 * Encodes the specified EnrollRequest message. Does not implicitly {@link fairlead.agent.v1.EnrollRequest.verify|verify} messages.
                 * @param message EnrollRequest message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.EnrollRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes an EnrollRequest message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.EnrollRequest & fairlead.agent.v1.EnrollRequest.$Shape} EnrollRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.EnrollRequest & fairlead.agent.v1.EnrollRequest.$Shape;
            }

            namespace EnrollRequest {

                /** Properties of an EnrollRequest. */
                interface $Properties {

                    /** EnrollRequest token */
                    token?: (string|null);

                    /** EnrollRequest csrDer */
                    csrDer?: (Uint8Array|null);

                    /** EnrollRequest hostname */
                    hostname?: (string|null);

                    /** EnrollRequest machineId */
                    machineId?: (string|null);

                    /** EnrollRequest agentVersion */
                    agentVersion?: (string|null);

                    /** EnrollRequest facts */
                    facts?: ({ [k: string]: string }|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of an EnrollRequest. */
                type $Shape = fairlead.agent.v1.EnrollRequest.$Properties;
            }

            /**
             * Properties of an EnrollResponse.
             * @deprecated Use fairlead.agent.v1.EnrollResponse.$Properties instead.
             */
            interface IEnrollResponse extends fairlead.agent.v1.EnrollResponse.$Properties {
            }

            /** Represents an EnrollResponse. */
            class EnrollResponse {

                /**
                 * Constructs a new EnrollResponse.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.EnrollResponse.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** EnrollResponse serverId. */
                serverId: string;

                /** EnrollResponse certificateDer. */
                certificateDer: Uint8Array;

                /** EnrollResponse caDer. */
                caDer: Uint8Array;

                /**
                 * Creates a new EnrollResponse instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns EnrollResponse instance
                 */
                static create(properties: fairlead.agent.v1.EnrollResponse.$Shape): fairlead.agent.v1.EnrollResponse & fairlead.agent.v1.EnrollResponse.$Shape;
                static create(properties?: fairlead.agent.v1.EnrollResponse.$Properties): fairlead.agent.v1.EnrollResponse;

                /**
                 * Encodes the specified EnrollResponse message. Does not implicitly {@link fairlead.agent.v1.EnrollResponse.verify|verify} messages.
                 * @param message EnrollResponse message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.EnrollResponse.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes an EnrollResponse message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.EnrollResponse & fairlead.agent.v1.EnrollResponse.$Shape} EnrollResponse
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.EnrollResponse & fairlead.agent.v1.EnrollResponse.$Shape;
            }

            namespace EnrollResponse {

                /** Properties of an EnrollResponse. */
                interface $Properties {

                    /** EnrollResponse serverId */
                    serverId?: (string|null);

                    /** EnrollResponse certificateDer */
                    certificateDer?: (Uint8Array|null);

                    /** EnrollResponse caDer */
                    caDer?: (Uint8Array|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of an EnrollResponse. */
                type $Shape = fairlead.agent.v1.EnrollResponse.$Properties;
            }

            /**
             * Properties of a RenewRequest.
             * @deprecated Use fairlead.agent.v1.RenewRequest.$Properties instead.
             */
            interface IRenewRequest extends fairlead.agent.v1.RenewRequest.$Properties {
            }

            /** Represents a RenewRequest. */
            class RenewRequest {

                /**
                 * Constructs a new RenewRequest.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.RenewRequest.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** RenewRequest csrDer. */
                csrDer: Uint8Array;

                /**
                 * Creates a new RenewRequest instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns RenewRequest instance
                 */
                static create(properties: fairlead.agent.v1.RenewRequest.$Shape): fairlead.agent.v1.RenewRequest & fairlead.agent.v1.RenewRequest.$Shape;
                static create(properties?: fairlead.agent.v1.RenewRequest.$Properties): fairlead.agent.v1.RenewRequest;

                /**
                 * Encodes the specified RenewRequest message. Does not implicitly {@link fairlead.agent.v1.RenewRequest.verify|verify} messages.
                 * @param message RenewRequest message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.RenewRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a RenewRequest message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.RenewRequest & fairlead.agent.v1.RenewRequest.$Shape} RenewRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.RenewRequest & fairlead.agent.v1.RenewRequest.$Shape;
            }

            namespace RenewRequest {

                /** Properties of a RenewRequest. */
                interface $Properties {

                    /** RenewRequest csrDer */
                    csrDer?: (Uint8Array|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a RenewRequest. */
                type $Shape = fairlead.agent.v1.RenewRequest.$Properties;
            }

            /**
             * Properties of a RenewResponse.
             * @deprecated Use fairlead.agent.v1.RenewResponse.$Properties instead.
             */
            interface IRenewResponse extends fairlead.agent.v1.RenewResponse.$Properties {
            }

            /** Represents a RenewResponse. */
            class RenewResponse {

                /**
                 * Constructs a new RenewResponse.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.RenewResponse.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** RenewResponse certificateDer. */
                certificateDer: Uint8Array;

                /**
                 * Creates a new RenewResponse instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns RenewResponse instance
                 */
                static create(properties: fairlead.agent.v1.RenewResponse.$Shape): fairlead.agent.v1.RenewResponse & fairlead.agent.v1.RenewResponse.$Shape;
                static create(properties?: fairlead.agent.v1.RenewResponse.$Properties): fairlead.agent.v1.RenewResponse;

                /**
                 * Encodes the specified RenewResponse message. Does not implicitly {@link fairlead.agent.v1.RenewResponse.verify|verify} messages.
                 * @param message RenewResponse message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.RenewResponse.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a RenewResponse message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.RenewResponse & fairlead.agent.v1.RenewResponse.$Shape} RenewResponse
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.RenewResponse & fairlead.agent.v1.RenewResponse.$Shape;
            }

            namespace RenewResponse {

                /** Properties of a RenewResponse. */
                interface $Properties {

                    /** RenewResponse certificateDer */
                    certificateDer?: (Uint8Array|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a RenewResponse. */
                type $Shape = fairlead.agent.v1.RenewResponse.$Properties;
            }

            /**
             * Properties of a ConnectRequest.
             * @deprecated Use fairlead.agent.v1.ConnectRequest.$Properties instead.
             */
            interface IConnectRequest extends fairlead.agent.v1.ConnectRequest.$Properties {
            }

            /** Represents a ConnectRequest. */
            class ConnectRequest {

                /**
                 * Constructs a new ConnectRequest.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.ConnectRequest.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** ConnectRequest hello. */
                hello?: (fairlead.agent.v1.Hello.$Properties|null);

                /** ConnectRequest resourceUpsert. */
                resourceUpsert?: (fairlead.agent.v1.ResourceUpsert.$Properties|null);

                /** ConnectRequest report. */
                report?: (fairlead.agent.v1.Report.$Properties|null);

                /** ConnectRequest stateChange. */
                stateChange?: (fairlead.agent.v1.StateChange.$Properties|null);

                /** ConnectRequest collectorStatus. */
                collectorStatus?: (fairlead.agent.v1.CollectorStatus.$Properties|null);

                /** ConnectRequest commandProgress. */
                commandProgress?: (fairlead.agent.v1.CommandProgress.$Properties|null);

                /** ConnectRequest commandResult. */
                commandResult?: (fairlead.agent.v1.CommandResult.$Properties|null);

                /** ConnectRequest logChunk. */
                logChunk?: (fairlead.agent.v1.LogChunk.$Properties|null);

                /** ConnectRequest heartbeat. */
                heartbeat?: (fairlead.agent.v1.Heartbeat.$Properties|null);

                /** ConnectRequest frame. */
                frame?: ("hello"|"resourceUpsert"|"report"|"stateChange"|"collectorStatus"|"commandProgress"|"commandResult"|"logChunk"|"heartbeat");

                /**
                 * Creates a new ConnectRequest instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns ConnectRequest instance
                 */
                static create(properties: fairlead.agent.v1.ConnectRequest.$Shape): fairlead.agent.v1.ConnectRequest & fairlead.agent.v1.ConnectRequest.$Shape;
                static create(properties?: fairlead.agent.v1.ConnectRequest.$Properties): fairlead.agent.v1.ConnectRequest;

                /**
                 * Encodes the specified ConnectRequest message. Does not implicitly {@link fairlead.agent.v1.ConnectRequest.verify|verify} messages.
                 * @param message ConnectRequest message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.ConnectRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a ConnectRequest message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.ConnectRequest & fairlead.agent.v1.ConnectRequest.$Shape} ConnectRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.ConnectRequest & fairlead.agent.v1.ConnectRequest.$Shape;
            }

            namespace ConnectRequest {

                /** Properties of a ConnectRequest. */
                interface $Properties {

                    /** ConnectRequest hello */
                    hello?: (fairlead.agent.v1.Hello.$Properties|null);

                    /** ConnectRequest resourceUpsert */
                    resourceUpsert?: (fairlead.agent.v1.ResourceUpsert.$Properties|null);

                    /** ConnectRequest report */
                    report?: (fairlead.agent.v1.Report.$Properties|null);

                    /** ConnectRequest stateChange */
                    stateChange?: (fairlead.agent.v1.StateChange.$Properties|null);

                    /** ConnectRequest collectorStatus */
                    collectorStatus?: (fairlead.agent.v1.CollectorStatus.$Properties|null);

                    /** ConnectRequest commandProgress */
                    commandProgress?: (fairlead.agent.v1.CommandProgress.$Properties|null);

                    /** ConnectRequest commandResult */
                    commandResult?: (fairlead.agent.v1.CommandResult.$Properties|null);

                    /** ConnectRequest logChunk */
                    logChunk?: (fairlead.agent.v1.LogChunk.$Properties|null);

                    /** ConnectRequest heartbeat */
                    heartbeat?: (fairlead.agent.v1.Heartbeat.$Properties|null);

                    /** ConnectRequest frame */
                    frame?: ("hello"|"resourceUpsert"|"report"|"stateChange"|"collectorStatus"|"commandProgress"|"commandResult"|"logChunk"|"heartbeat");

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Narrowed shape of a ConnectRequest. */
                type $Shape = {
                  hello?: fairlead.agent.v1.Hello.$Shape|null;
                  resourceUpsert?: fairlead.agent.v1.ResourceUpsert.$Shape|null;
                  report?: fairlead.agent.v1.Report.$Shape|null;
                  stateChange?: fairlead.agent.v1.StateChange.$Shape|null;
                  collectorStatus?: fairlead.agent.v1.CollectorStatus.$Shape|null;
                  commandProgress?: fairlead.agent.v1.CommandProgress.$Shape|null;
                  commandResult?: fairlead.agent.v1.CommandResult.$Shape|null;
                  logChunk?: fairlead.agent.v1.LogChunk.$Shape|null;
                  heartbeat?: fairlead.agent.v1.Heartbeat.$Shape|null;
                  $unknowns?: Uint8Array[];
                } & (
                  ({ frame?: undefined; hello?: null; resourceUpsert?: null; report?: null; stateChange?: null; collectorStatus?: null; commandProgress?: null; commandResult?: null; logChunk?: null; heartbeat?: null }|{ frame?: "hello"; hello: fairlead.agent.v1.Hello.$Shape; resourceUpsert?: null; report?: null; stateChange?: null; collectorStatus?: null; commandProgress?: null; commandResult?: null; logChunk?: null; heartbeat?: null }|{ frame?: "resourceUpsert"; hello?: null; resourceUpsert: fairlead.agent.v1.ResourceUpsert.$Shape; report?: null; stateChange?: null; collectorStatus?: null; commandProgress?: null; commandResult?: null; logChunk?: null; heartbeat?: null }|{ frame?: "report"; hello?: null; resourceUpsert?: null; report: fairlead.agent.v1.Report.$Shape; stateChange?: null; collectorStatus?: null; commandProgress?: null; commandResult?: null; logChunk?: null; heartbeat?: null }|{ frame?: "stateChange"; hello?: null; resourceUpsert?: null; report?: null; stateChange: fairlead.agent.v1.StateChange.$Shape; collectorStatus?: null; commandProgress?: null; commandResult?: null; logChunk?: null; heartbeat?: null }|{ frame?: "collectorStatus"; hello?: null; resourceUpsert?: null; report?: null; stateChange?: null; collectorStatus: fairlead.agent.v1.CollectorStatus.$Shape; commandProgress?: null; commandResult?: null; logChunk?: null; heartbeat?: null }|{ frame?: "commandProgress"; hello?: null; resourceUpsert?: null; report?: null; stateChange?: null; collectorStatus?: null; commandProgress: fairlead.agent.v1.CommandProgress.$Shape; commandResult?: null; logChunk?: null; heartbeat?: null }|{ frame?: "commandResult"; hello?: null; resourceUpsert?: null; report?: null; stateChange?: null; collectorStatus?: null; commandProgress?: null; commandResult: fairlead.agent.v1.CommandResult.$Shape; logChunk?: null; heartbeat?: null }|{ frame?: "logChunk"; hello?: null; resourceUpsert?: null; report?: null; stateChange?: null; collectorStatus?: null; commandProgress?: null; commandResult?: null; logChunk: fairlead.agent.v1.LogChunk.$Shape; heartbeat?: null }|{ frame?: "heartbeat"; hello?: null; resourceUpsert?: null; report?: null; stateChange?: null; collectorStatus?: null; commandProgress?: null; commandResult?: null; logChunk?: null; heartbeat: fairlead.agent.v1.Heartbeat.$Shape })
                );
            }

            /**
             * Properties of a ConnectResponse.
             * @deprecated Use fairlead.agent.v1.ConnectResponse.$Properties instead.
             */
            interface IConnectResponse extends fairlead.agent.v1.ConnectResponse.$Properties {
            }

            /** Represents a ConnectResponse. */
            class ConnectResponse {

                /**
                 * Constructs a new ConnectResponse.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.ConnectResponse.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** ConnectResponse welcome. */
                welcome?: (fairlead.agent.v1.Welcome.$Properties|null);

                /** ConnectResponse ack. */
                ack?: (fairlead.agent.v1.Ack.$Properties|null);

                /** ConnectResponse command. */
                command?: (fairlead.agent.v1.Command.$Properties|null);

                /** ConnectResponse commandCancel. */
                commandCancel?: (fairlead.agent.v1.CommandCancel.$Properties|null);

                /** ConnectResponse commandConfirm. */
                commandConfirm?: (fairlead.agent.v1.CommandConfirm.$Properties|null);

                /** ConnectResponse config. */
                config?: (fairlead.agent.v1.Config.$Properties|null);

                /** ConnectResponse live. */
                live?: (fairlead.agent.v1.Live.$Properties|null);

                /** ConnectResponse heartbeat. */
                heartbeat?: (fairlead.agent.v1.Heartbeat.$Properties|null);

                /** ConnectResponse logOpen. */
                logOpen?: (fairlead.agent.v1.LogOpen.$Properties|null);

                /** ConnectResponse logClose. */
                logClose?: (fairlead.agent.v1.LogClose.$Properties|null);

                /** ConnectResponse logMore. */
                logMore?: (fairlead.agent.v1.LogMore.$Properties|null);

                /** ConnectResponse frame. */
                frame?: ("welcome"|"ack"|"command"|"commandCancel"|"commandConfirm"|"config"|"live"|"heartbeat"|"logOpen"|"logClose"|"logMore");

                /**
                 * Creates a new ConnectResponse instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns ConnectResponse instance
                 */
                static create(properties: fairlead.agent.v1.ConnectResponse.$Shape): fairlead.agent.v1.ConnectResponse & fairlead.agent.v1.ConnectResponse.$Shape;
                static create(properties?: fairlead.agent.v1.ConnectResponse.$Properties): fairlead.agent.v1.ConnectResponse;

                /**
                 * Encodes the specified ConnectResponse message. Does not implicitly {@link fairlead.agent.v1.ConnectResponse.verify|verify} messages.
                 * @param message ConnectResponse message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.ConnectResponse.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a ConnectResponse message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.ConnectResponse & fairlead.agent.v1.ConnectResponse.$Shape} ConnectResponse
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.ConnectResponse & fairlead.agent.v1.ConnectResponse.$Shape;
            }

            namespace ConnectResponse {

                /** Properties of a ConnectResponse. */
                interface $Properties {

                    /** ConnectResponse welcome */
                    welcome?: (fairlead.agent.v1.Welcome.$Properties|null);

                    /** ConnectResponse ack */
                    ack?: (fairlead.agent.v1.Ack.$Properties|null);

                    /** ConnectResponse command */
                    command?: (fairlead.agent.v1.Command.$Properties|null);

                    /** ConnectResponse commandCancel */
                    commandCancel?: (fairlead.agent.v1.CommandCancel.$Properties|null);

                    /** ConnectResponse commandConfirm */
                    commandConfirm?: (fairlead.agent.v1.CommandConfirm.$Properties|null);

                    /** ConnectResponse config */
                    config?: (fairlead.agent.v1.Config.$Properties|null);

                    /** ConnectResponse live */
                    live?: (fairlead.agent.v1.Live.$Properties|null);

                    /** ConnectResponse heartbeat */
                    heartbeat?: (fairlead.agent.v1.Heartbeat.$Properties|null);

                    /** ConnectResponse logOpen */
                    logOpen?: (fairlead.agent.v1.LogOpen.$Properties|null);

                    /** ConnectResponse logClose */
                    logClose?: (fairlead.agent.v1.LogClose.$Properties|null);

                    /** ConnectResponse logMore */
                    logMore?: (fairlead.agent.v1.LogMore.$Properties|null);

                    /** ConnectResponse frame */
                    frame?: ("welcome"|"ack"|"command"|"commandCancel"|"commandConfirm"|"config"|"live"|"heartbeat"|"logOpen"|"logClose"|"logMore");

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Narrowed shape of a ConnectResponse. */
                type $Shape = {
                  welcome?: fairlead.agent.v1.Welcome.$Shape|null;
                  ack?: fairlead.agent.v1.Ack.$Shape|null;
                  command?: fairlead.agent.v1.Command.$Shape|null;
                  commandCancel?: fairlead.agent.v1.CommandCancel.$Shape|null;
                  commandConfirm?: fairlead.agent.v1.CommandConfirm.$Shape|null;
                  config?: fairlead.agent.v1.Config.$Shape|null;
                  live?: fairlead.agent.v1.Live.$Shape|null;
                  heartbeat?: fairlead.agent.v1.Heartbeat.$Shape|null;
                  logOpen?: fairlead.agent.v1.LogOpen.$Shape|null;
                  logClose?: fairlead.agent.v1.LogClose.$Shape|null;
                  logMore?: fairlead.agent.v1.LogMore.$Shape|null;
                  $unknowns?: Uint8Array[];
                } & (
                  ({ frame?: undefined; welcome?: null; ack?: null; command?: null; commandCancel?: null; commandConfirm?: null; config?: null; live?: null; heartbeat?: null; logOpen?: null; logClose?: null; logMore?: null }|{ frame?: "welcome"; welcome: fairlead.agent.v1.Welcome.$Shape; ack?: null; command?: null; commandCancel?: null; commandConfirm?: null; config?: null; live?: null; heartbeat?: null; logOpen?: null; logClose?: null; logMore?: null }|{ frame?: "ack"; welcome?: null; ack: fairlead.agent.v1.Ack.$Shape; command?: null; commandCancel?: null; commandConfirm?: null; config?: null; live?: null; heartbeat?: null; logOpen?: null; logClose?: null; logMore?: null }|{ frame?: "command"; welcome?: null; ack?: null; command: fairlead.agent.v1.Command.$Shape; commandCancel?: null; commandConfirm?: null; config?: null; live?: null; heartbeat?: null; logOpen?: null; logClose?: null; logMore?: null }|{ frame?: "commandCancel"; welcome?: null; ack?: null; command?: null; commandCancel: fairlead.agent.v1.CommandCancel.$Shape; commandConfirm?: null; config?: null; live?: null; heartbeat?: null; logOpen?: null; logClose?: null; logMore?: null }|{ frame?: "commandConfirm"; welcome?: null; ack?: null; command?: null; commandCancel?: null; commandConfirm: fairlead.agent.v1.CommandConfirm.$Shape; config?: null; live?: null; heartbeat?: null; logOpen?: null; logClose?: null; logMore?: null }|{ frame?: "config"; welcome?: null; ack?: null; command?: null; commandCancel?: null; commandConfirm?: null; config: fairlead.agent.v1.Config.$Shape; live?: null; heartbeat?: null; logOpen?: null; logClose?: null; logMore?: null }|{ frame?: "live"; welcome?: null; ack?: null; command?: null; commandCancel?: null; commandConfirm?: null; config?: null; live: fairlead.agent.v1.Live.$Shape; heartbeat?: null; logOpen?: null; logClose?: null; logMore?: null }|{ frame?: "heartbeat"; welcome?: null; ack?: null; command?: null; commandCancel?: null; commandConfirm?: null; config?: null; live?: null; heartbeat: fairlead.agent.v1.Heartbeat.$Shape; logOpen?: null; logClose?: null; logMore?: null }|{ frame?: "logOpen"; welcome?: null; ack?: null; command?: null; commandCancel?: null; commandConfirm?: null; config?: null; live?: null; heartbeat?: null; logOpen: fairlead.agent.v1.LogOpen.$Shape; logClose?: null; logMore?: null }|{ frame?: "logClose"; welcome?: null; ack?: null; command?: null; commandCancel?: null; commandConfirm?: null; config?: null; live?: null; heartbeat?: null; logOpen?: null; logClose: fairlead.agent.v1.LogClose.$Shape; logMore?: null }|{ frame?: "logMore"; welcome?: null; ack?: null; command?: null; commandCancel?: null; commandConfirm?: null; config?: null; live?: null; heartbeat?: null; logOpen?: null; logClose?: null; logMore: fairlead.agent.v1.LogMore.$Shape })
                );
            }

            /**
             * Properties of a Hello.
             * @deprecated Use fairlead.agent.v1.Hello.$Properties instead.
             */
            interface IHello extends fairlead.agent.v1.Hello.$Properties {
            }

            /** Represents a Hello. */
            class Hello {

                /**
                 * Constructs a new Hello.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.Hello.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** Hello protocolVersion. */
                protocolVersion: number;

                /** Hello agentVersion. */
                agentVersion: string;

                /** Hello bootId. */
                bootId: string;

                /** Hello instanceId. */
                instanceId: string;

                /** Hello machineId. */
                machineId: string;

                /** Hello hostname. */
                hostname: string;

                /** Hello capabilities. */
                capabilities: string[];

                /** Hello spool. */
                spool?: (fairlead.agent.v1.SpoolState.$Properties|null);

                /** Hello timeUnixMs. */
                timeUnixMs: number;

                /** Hello bootedUnixMs. */
                bootedUnixMs: number;

                /**
                 * Creates a new Hello instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns Hello instance
                 */
                static create(properties: fairlead.agent.v1.Hello.$Shape): fairlead.agent.v1.Hello & fairlead.agent.v1.Hello.$Shape;
                static create(properties?: fairlead.agent.v1.Hello.$Properties): fairlead.agent.v1.Hello;

                /**
                 * Encodes the specified Hello message. Does not implicitly {@link fairlead.agent.v1.Hello.verify|verify} messages.
                 * @param message Hello message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.Hello.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a Hello message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.Hello & fairlead.agent.v1.Hello.$Shape} Hello
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.Hello & fairlead.agent.v1.Hello.$Shape;
            }

            namespace Hello {

                /** Properties of a Hello. */
                interface $Properties {

                    /** Hello protocolVersion */
                    protocolVersion?: (number|null);

                    /** Hello agentVersion */
                    agentVersion?: (string|null);

                    /** Hello bootId */
                    bootId?: (string|null);

                    /** Hello instanceId */
                    instanceId?: (string|null);

                    /** Hello machineId */
                    machineId?: (string|null);

                    /** Hello hostname */
                    hostname?: (string|null);

                    /** Hello capabilities */
                    capabilities?: (string[]|null);

                    /** Hello spool */
                    spool?: (fairlead.agent.v1.SpoolState.$Properties|null);

                    /** Hello timeUnixMs */
                    timeUnixMs?: (number|null);

                    /** Hello bootedUnixMs */
                    bootedUnixMs?: (number|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a Hello. */
                type $Shape = fairlead.agent.v1.Hello.$Properties;
            }

            /**
             * Properties of a SpoolState.
             * @deprecated Use fairlead.agent.v1.SpoolState.$Properties instead.
             */
            interface ISpoolState extends fairlead.agent.v1.SpoolState.$Properties {
            }

            /** Represents a SpoolState. */
            class SpoolState {

                /**
                 * Constructs a new SpoolState.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.SpoolState.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** SpoolState spoolId. */
                spoolId: string;

                /** SpoolState firstSeq. */
                firstSeq: number;

                /** SpoolState nextSeq. */
                nextSeq: number;

                /** SpoolState records. */
                records: number;

                /** SpoolState bytes. */
                bytes: number;

                /** SpoolState droppedRecords. */
                droppedRecords: number;

                /**
                 * Creates a new SpoolState instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns SpoolState instance
                 */
                static create(properties: fairlead.agent.v1.SpoolState.$Shape): fairlead.agent.v1.SpoolState & fairlead.agent.v1.SpoolState.$Shape;
                static create(properties?: fairlead.agent.v1.SpoolState.$Properties): fairlead.agent.v1.SpoolState;

                /**
                 * Encodes the specified SpoolState message. Does not implicitly {@link fairlead.agent.v1.SpoolState.verify|verify} messages.
                 * @param message SpoolState message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.SpoolState.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a SpoolState message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.SpoolState & fairlead.agent.v1.SpoolState.$Shape} SpoolState
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.SpoolState & fairlead.agent.v1.SpoolState.$Shape;
            }

            namespace SpoolState {

                /** Properties of a SpoolState. */
                interface $Properties {

                    /** SpoolState spoolId */
                    spoolId?: (string|null);

                    /** SpoolState firstSeq */
                    firstSeq?: (number|null);

                    /** SpoolState nextSeq */
                    nextSeq?: (number|null);

                    /** SpoolState records */
                    records?: (number|null);

                    /** SpoolState bytes */
                    bytes?: (number|null);

                    /** SpoolState droppedRecords */
                    droppedRecords?: (number|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a SpoolState. */
                type $Shape = fairlead.agent.v1.SpoolState.$Properties;
            }

            /**
             * Properties of a ResourceUpsert.
             * @deprecated Use fairlead.agent.v1.ResourceUpsert.$Properties instead.
             */
            interface IResourceUpsert extends fairlead.agent.v1.ResourceUpsert.$Properties {
            }

            /** Represents a ResourceUpsert. */
            class ResourceUpsert {

                /**
                 * Constructs a new ResourceUpsert.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.ResourceUpsert.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** ResourceUpsert index. */
                index: number;

                /** ResourceUpsert kind. */
                kind: string;

                /** ResourceUpsert key. */
                key: string;

                /** ResourceUpsert labels. */
                labels: { [k: string]: string };

                /** ResourceUpsert attributesJson. */
                attributesJson: string;

                /** ResourceUpsert state. */
                state: string;

                /** ResourceUpsert valueCount. */
                valueCount: number;

                /**
                 * Creates a new ResourceUpsert instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns ResourceUpsert instance
                 */
                static create(properties: fairlead.agent.v1.ResourceUpsert.$Shape): fairlead.agent.v1.ResourceUpsert & fairlead.agent.v1.ResourceUpsert.$Shape;
                static create(properties?: fairlead.agent.v1.ResourceUpsert.$Properties): fairlead.agent.v1.ResourceUpsert;

                /**
                 * Encodes the specified ResourceUpsert message. Does not implicitly {@link fairlead.agent.v1.ResourceUpsert.verify|verify} messages.
                 * @param message ResourceUpsert message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.ResourceUpsert.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a ResourceUpsert message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.ResourceUpsert & fairlead.agent.v1.ResourceUpsert.$Shape} ResourceUpsert
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.ResourceUpsert & fairlead.agent.v1.ResourceUpsert.$Shape;
            }

            namespace ResourceUpsert {

                /** Properties of a ResourceUpsert. */
                interface $Properties {

                    /** ResourceUpsert index */
                    index?: (number|null);

                    /** ResourceUpsert kind */
                    kind?: (string|null);

                    /** ResourceUpsert key */
                    key?: (string|null);

                    /** ResourceUpsert labels */
                    labels?: ({ [k: string]: string }|null);

                    /** ResourceUpsert attributesJson */
                    attributesJson?: (string|null);

                    /** ResourceUpsert state */
                    state?: (string|null);

                    /** ResourceUpsert valueCount */
                    valueCount?: (number|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a ResourceUpsert. */
                type $Shape = fairlead.agent.v1.ResourceUpsert.$Properties;
            }

            /**
             * Properties of a Report.
             * @deprecated Use fairlead.agent.v1.Report.$Properties instead.
             */
            interface IReport extends fairlead.agent.v1.Report.$Properties {
            }

            /** Represents a Report. */
            class Report {

                /**
                 * Constructs a new Report.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.Report.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** Report seq. */
                seq: number;

                /** Report timeUnixMs. */
                timeUnixMs: number;

                /** Report resources. */
                resources: number[];

                /** Report values. */
                values: Uint8Array;

                /**
                 * Creates a new Report instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns Report instance
                 */
                static create(properties: fairlead.agent.v1.Report.$Shape): fairlead.agent.v1.Report & fairlead.agent.v1.Report.$Shape;
                static create(properties?: fairlead.agent.v1.Report.$Properties): fairlead.agent.v1.Report;

                /**
                 * Encodes the specified Report message. Does not implicitly {@link fairlead.agent.v1.Report.verify|verify} messages.
                 * @param message Report message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.Report.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a Report message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.Report & fairlead.agent.v1.Report.$Shape} Report
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.Report & fairlead.agent.v1.Report.$Shape;
            }

            namespace Report {

                /** Properties of a Report. */
                interface $Properties {

                    /** Report seq */
                    seq?: (number|null);

                    /** Report timeUnixMs */
                    timeUnixMs?: (number|null);

                    /** Report resources */
                    resources?: (number[]|null);

                    /** Report values */
                    values?: (Uint8Array|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a Report. */
                type $Shape = fairlead.agent.v1.Report.$Properties;
            }

            /**
             * Properties of a StateChange.
             * @deprecated Use fairlead.agent.v1.StateChange.$Properties instead.
             */
            interface IStateChange extends fairlead.agent.v1.StateChange.$Properties {
            }

            /** Represents a StateChange. */
            class StateChange {

                /**
                 * Constructs a new StateChange.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.StateChange.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** StateChange seq. */
                seq: number;

                /** StateChange timeUnixMs. */
                timeUnixMs: number;

                /** StateChange resource. */
                resource: number;

                /** StateChange fromState. */
                fromState: string;

                /** StateChange toState. */
                toState: string;

                /** StateChange reason. */
                reason: string;

                /**
                 * Creates a new StateChange instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns StateChange instance
                 */
                static create(properties: fairlead.agent.v1.StateChange.$Shape): fairlead.agent.v1.StateChange & fairlead.agent.v1.StateChange.$Shape;
                static create(properties?: fairlead.agent.v1.StateChange.$Properties): fairlead.agent.v1.StateChange;

                /**
                 * Encodes the specified StateChange message. Does not implicitly {@link fairlead.agent.v1.StateChange.verify|verify} messages.
                 * @param message StateChange message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.StateChange.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a StateChange message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.StateChange & fairlead.agent.v1.StateChange.$Shape} StateChange
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.StateChange & fairlead.agent.v1.StateChange.$Shape;
            }

            namespace StateChange {

                /** Properties of a StateChange. */
                interface $Properties {

                    /** StateChange seq */
                    seq?: (number|null);

                    /** StateChange timeUnixMs */
                    timeUnixMs?: (number|null);

                    /** StateChange resource */
                    resource?: (number|null);

                    /** StateChange fromState */
                    fromState?: (string|null);

                    /** StateChange toState */
                    toState?: (string|null);

                    /** StateChange reason */
                    reason?: (string|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a StateChange. */
                type $Shape = fairlead.agent.v1.StateChange.$Properties;
            }

            /** CollectorState enum. */
            enum CollectorState {

                /** COLLECTOR_STATE_UNSPECIFIED value */
                COLLECTOR_STATE_UNSPECIFIED = 0,

                /** COLLECTOR_STATE_OK value */
                COLLECTOR_STATE_OK = 1,

                /** COLLECTOR_STATE_ABSENT value */
                COLLECTOR_STATE_ABSENT = 2,

                /** COLLECTOR_STATE_FAILED value */
                COLLECTOR_STATE_FAILED = 3,

                /** COLLECTOR_STATE_TIMED_OUT value */
                COLLECTOR_STATE_TIMED_OUT = 4,

                /** COLLECTOR_STATE_DISABLED value */
                COLLECTOR_STATE_DISABLED = 5
            }

            /**
             * Properties of a CollectorStatus.
             * @deprecated Use fairlead.agent.v1.CollectorStatus.$Properties instead.
             */
            interface ICollectorStatus extends fairlead.agent.v1.CollectorStatus.$Properties {
            }

            /** Represents a CollectorStatus. */
            class CollectorStatus {

                /**
                 * Constructs a new CollectorStatus.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.CollectorStatus.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** CollectorStatus collector. */
                collector: string;

                /** CollectorStatus state. */
                state: fairlead.agent.v1.CollectorState;

                /** CollectorStatus error. */
                error: string;

                /** CollectorStatus errorCount. */
                errorCount: number;

                /** CollectorStatus durationSeconds. */
                durationSeconds: number;

                /** CollectorStatus lastSuccessUnixMs. */
                lastSuccessUnixMs: number;

                /**
                 * Creates a new CollectorStatus instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns CollectorStatus instance
                 */
                static create(properties: fairlead.agent.v1.CollectorStatus.$Shape): fairlead.agent.v1.CollectorStatus & fairlead.agent.v1.CollectorStatus.$Shape;
                static create(properties?: fairlead.agent.v1.CollectorStatus.$Properties): fairlead.agent.v1.CollectorStatus;

                /**
                 * Encodes the specified CollectorStatus message. Does not implicitly {@link fairlead.agent.v1.CollectorStatus.verify|verify} messages.
                 * @param message CollectorStatus message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.CollectorStatus.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a CollectorStatus message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.CollectorStatus & fairlead.agent.v1.CollectorStatus.$Shape} CollectorStatus
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.CollectorStatus & fairlead.agent.v1.CollectorStatus.$Shape;
            }

            namespace CollectorStatus {

                /** Properties of a CollectorStatus. */
                interface $Properties {

                    /** CollectorStatus collector */
                    collector?: (string|null);

                    /** CollectorStatus state */
                    state?: (fairlead.agent.v1.CollectorState|null);

                    /** CollectorStatus error */
                    error?: (string|null);

                    /** CollectorStatus errorCount */
                    errorCount?: (number|null);

                    /** CollectorStatus durationSeconds */
                    durationSeconds?: (number|null);

                    /** CollectorStatus lastSuccessUnixMs */
                    lastSuccessUnixMs?: (number|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a CollectorStatus. */
                type $Shape = fairlead.agent.v1.CollectorStatus.$Properties;
            }

            /**
             * Properties of a Heartbeat.
             * @deprecated Use fairlead.agent.v1.Heartbeat.$Properties instead.
             */
            interface IHeartbeat extends fairlead.agent.v1.Heartbeat.$Properties {
            }

            /** Represents a Heartbeat. */
            class Heartbeat {

                /**
                 * Constructs a new Heartbeat.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.Heartbeat.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** Heartbeat timeUnixMs. */
                timeUnixMs: number;

                /**
                 * Creates a new Heartbeat instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns Heartbeat instance
                 */
                static create(properties: fairlead.agent.v1.Heartbeat.$Shape): fairlead.agent.v1.Heartbeat & fairlead.agent.v1.Heartbeat.$Shape;
                static create(properties?: fairlead.agent.v1.Heartbeat.$Properties): fairlead.agent.v1.Heartbeat;

                /**
                 * Encodes the specified Heartbeat message. Does not implicitly {@link fairlead.agent.v1.Heartbeat.verify|verify} messages.
                 * @param message Heartbeat message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.Heartbeat.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a Heartbeat message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.Heartbeat & fairlead.agent.v1.Heartbeat.$Shape} Heartbeat
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.Heartbeat & fairlead.agent.v1.Heartbeat.$Shape;
            }

            namespace Heartbeat {

                /** Properties of a Heartbeat. */
                interface $Properties {

                    /** Heartbeat timeUnixMs */
                    timeUnixMs?: (number|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a Heartbeat. */
                type $Shape = fairlead.agent.v1.Heartbeat.$Properties;
            }

            /**
             * Properties of a Welcome.
             * @deprecated Use fairlead.agent.v1.Welcome.$Properties instead.
             */
            interface IWelcome extends fairlead.agent.v1.Welcome.$Properties {
            }

            /** Represents a Welcome. */
            class Welcome {

                /**
                 * Constructs a new Welcome.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.Welcome.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** Welcome serverId. */
                serverId: string;

                /** Welcome config. */
                config?: (fairlead.agent.v1.Config.$Properties|null);

                /** Welcome resumeSeq. */
                resumeSeq: number;

                /** Welcome timeUnixMs. */
                timeUnixMs: number;

                /**
                 * Creates a new Welcome instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns Welcome instance
                 */
                static create(properties: fairlead.agent.v1.Welcome.$Shape): fairlead.agent.v1.Welcome & fairlead.agent.v1.Welcome.$Shape;
                static create(properties?: fairlead.agent.v1.Welcome.$Properties): fairlead.agent.v1.Welcome;

                /**
                 * Encodes the specified Welcome message. Does not implicitly {@link fairlead.agent.v1.Welcome.verify|verify} messages.
                 * @param message Welcome message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.Welcome.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a Welcome message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.Welcome & fairlead.agent.v1.Welcome.$Shape} Welcome
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.Welcome & fairlead.agent.v1.Welcome.$Shape;
            }

            namespace Welcome {

                /** Properties of a Welcome. */
                interface $Properties {

                    /** Welcome serverId */
                    serverId?: (string|null);

                    /** Welcome config */
                    config?: (fairlead.agent.v1.Config.$Properties|null);

                    /** Welcome resumeSeq */
                    resumeSeq?: (number|null);

                    /** Welcome timeUnixMs */
                    timeUnixMs?: (number|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a Welcome. */
                type $Shape = fairlead.agent.v1.Welcome.$Properties;
            }

            /**
             * Properties of an Ack.
             * @deprecated Use fairlead.agent.v1.Ack.$Properties instead.
             */
            interface IAck extends fairlead.agent.v1.Ack.$Properties {
            }

            /** Represents an Ack. */
            class Ack {

                /**
                 * Constructs a new Ack.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.Ack.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** Ack ranges. */
                ranges: fairlead.agent.v1.AckRange.$Properties[];

                /** Ack refusals. */
                refusals: fairlead.agent.v1.Refusal.$Properties[];

                /**
                 * Creates a new Ack instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns Ack instance
                 */
                static create(properties: fairlead.agent.v1.Ack.$Shape): fairlead.agent.v1.Ack & fairlead.agent.v1.Ack.$Shape;
                static create(properties?: fairlead.agent.v1.Ack.$Properties): fairlead.agent.v1.Ack;

                /**
                 * Encodes the specified Ack message. Does not implicitly {@link fairlead.agent.v1.Ack.verify|verify} messages.
                 * @param message Ack message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.Ack.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes an Ack message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.Ack & fairlead.agent.v1.Ack.$Shape} Ack
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.Ack & fairlead.agent.v1.Ack.$Shape;
            }

            namespace Ack {

                /** Properties of an Ack. */
                interface $Properties {

                    /** Ack ranges */
                    ranges?: (fairlead.agent.v1.AckRange.$Properties[]|null);

                    /** Ack refusals */
                    refusals?: (fairlead.agent.v1.Refusal.$Properties[]|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of an Ack. */
                type $Shape = fairlead.agent.v1.Ack.$Properties;
            }

            /**
             * Properties of an AckRange.
             * @deprecated Use fairlead.agent.v1.AckRange.$Properties instead.
             */
            interface IAckRange extends fairlead.agent.v1.AckRange.$Properties {
            }

            /** Represents an AckRange. */
            class AckRange {

                /**
                 * Constructs a new AckRange.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.AckRange.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** AckRange first. */
                first: number;

                /** AckRange last. */
                last: number;

                /**
                 * Creates a new AckRange instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns AckRange instance
                 */
                static create(properties: fairlead.agent.v1.AckRange.$Shape): fairlead.agent.v1.AckRange & fairlead.agent.v1.AckRange.$Shape;
                static create(properties?: fairlead.agent.v1.AckRange.$Properties): fairlead.agent.v1.AckRange;

                /**
                 * Encodes the specified AckRange message. Does not implicitly {@link fairlead.agent.v1.AckRange.verify|verify} messages.
                 * @param message AckRange message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.AckRange.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes an AckRange message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.AckRange & fairlead.agent.v1.AckRange.$Shape} AckRange
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.AckRange & fairlead.agent.v1.AckRange.$Shape;
            }

            namespace AckRange {

                /** Properties of an AckRange. */
                interface $Properties {

                    /** AckRange first */
                    first?: (number|null);

                    /** AckRange last */
                    last?: (number|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of an AckRange. */
                type $Shape = fairlead.agent.v1.AckRange.$Properties;
            }

            /**
             * Properties of a Refusal.
             * @deprecated Use fairlead.agent.v1.Refusal.$Properties instead.
             */
            interface IRefusal extends fairlead.agent.v1.Refusal.$Properties {
            }

            /** Represents a Refusal. */
            class Refusal {

                /**
                 * Constructs a new Refusal.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.Refusal.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** Refusal seq. */
                seq: number;

                /** Refusal reason. */
                reason: string;

                /**
                 * Creates a new Refusal instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns Refusal instance
                 */
                static create(properties: fairlead.agent.v1.Refusal.$Shape): fairlead.agent.v1.Refusal & fairlead.agent.v1.Refusal.$Shape;
                static create(properties?: fairlead.agent.v1.Refusal.$Properties): fairlead.agent.v1.Refusal;

                /**
                 * Encodes the specified Refusal message. Does not implicitly {@link fairlead.agent.v1.Refusal.verify|verify} messages.
                 * @param message Refusal message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.Refusal.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a Refusal message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.Refusal & fairlead.agent.v1.Refusal.$Shape} Refusal
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.Refusal & fairlead.agent.v1.Refusal.$Shape;
            }

            namespace Refusal {

                /** Properties of a Refusal. */
                interface $Properties {

                    /** Refusal seq */
                    seq?: (number|null);

                    /** Refusal reason */
                    reason?: (string|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a Refusal. */
                type $Shape = fairlead.agent.v1.Refusal.$Properties;
            }

            /**
             * Properties of a Config.
             * @deprecated Use fairlead.agent.v1.Config.$Properties instead.
             */
            interface IConfig extends fairlead.agent.v1.Config.$Properties {
            }

            /** Represents a Config. */
            class Config {

                /**
                 * Constructs a new Config.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.Config.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** Config intervalSeconds. */
                intervalSeconds: number;

                /** Config disabledCollectors. */
                disabledCollectors: string[];

                /** Config paused. */
                paused: boolean;

                /**
                 * Creates a new Config instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns Config instance
                 */
                static create(properties: fairlead.agent.v1.Config.$Shape): fairlead.agent.v1.Config & fairlead.agent.v1.Config.$Shape;
                static create(properties?: fairlead.agent.v1.Config.$Properties): fairlead.agent.v1.Config;

                /**
                 * Encodes the specified Config message. Does not implicitly {@link fairlead.agent.v1.Config.verify|verify} messages.
                 * @param message Config message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.Config.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a Config message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.Config & fairlead.agent.v1.Config.$Shape} Config
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.Config & fairlead.agent.v1.Config.$Shape;
            }

            namespace Config {

                /** Properties of a Config. */
                interface $Properties {

                    /** Config intervalSeconds */
                    intervalSeconds?: (number|null);

                    /** Config disabledCollectors */
                    disabledCollectors?: (string[]|null);

                    /** Config paused */
                    paused?: (boolean|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a Config. */
                type $Shape = fairlead.agent.v1.Config.$Properties;
            }

            /**
             * Properties of a Live.
             * @deprecated Use fairlead.agent.v1.Live.$Properties instead.
             */
            interface ILive extends fairlead.agent.v1.Live.$Properties {
            }

            /** Represents a Live. */
            class Live {

                /**
                 * Constructs a new Live.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.Live.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** Live intervalMs. */
                intervalMs: number;

                /**
                 * Creates a new Live instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns Live instance
                 */
                static create(properties: fairlead.agent.v1.Live.$Shape): fairlead.agent.v1.Live & fairlead.agent.v1.Live.$Shape;
                static create(properties?: fairlead.agent.v1.Live.$Properties): fairlead.agent.v1.Live;

                /**
                 * Encodes the specified Live message. Does not implicitly {@link fairlead.agent.v1.Live.verify|verify} messages.
                 * @param message Live message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.Live.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a Live message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.Live & fairlead.agent.v1.Live.$Shape} Live
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.Live & fairlead.agent.v1.Live.$Shape;
            }

            namespace Live {

                /** Properties of a Live. */
                interface $Properties {

                    /** Live intervalMs */
                    intervalMs?: (number|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a Live. */
                type $Shape = fairlead.agent.v1.Live.$Properties;
            }

            /**
             * Properties of a Command.
             * @deprecated Use fairlead.agent.v1.Command.$Properties instead.
             */
            interface ICommand extends fairlead.agent.v1.Command.$Properties {
            }

            /** Represents a Command. */
            class Command {

                /**
                 * Constructs a new Command.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.Command.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** Command id. */
                id: string;

                /** Command deadlineUnixMs. */
                deadlineUnixMs: number;

                /** Command agentPing. */
                agentPing?: (fairlead.agent.v1.AgentPing.$Properties|null);

                /** Command hostRefresh. */
                hostRefresh?: (fairlead.agent.v1.HostRefresh.$Properties|null);

                /** Command containerStart. */
                containerStart?: (fairlead.agent.v1.ContainerStart.$Properties|null);

                /** Command containerStop. */
                containerStop?: (fairlead.agent.v1.ContainerStop.$Properties|null);

                /** Command containerRestart. */
                containerRestart?: (fairlead.agent.v1.ContainerRestart.$Properties|null);

                /** Command containerUpdate. */
                containerUpdate?: (fairlead.agent.v1.ContainerUpdate.$Properties|null);

                /** Command driveSelfTest. */
                driveSelfTest?: (fairlead.agent.v1.DriveSelfTest.$Properties|null);

                /** Command driveAcknowledge. */
                driveAcknowledge?: (fairlead.agent.v1.DriveAcknowledge.$Properties|null);

                /** Command poolScrub. */
                poolScrub?: (fairlead.agent.v1.PoolScrub.$Properties|null);

                /** Command databaseConfigure. */
                databaseConfigure?: (fairlead.agent.v1.DatabaseConfigure.$Properties|null);

                /** Command containerPause. */
                containerPause?: (fairlead.agent.v1.ContainerPause.$Properties|null);

                /** Command containerUnpause. */
                containerUnpause?: (fairlead.agent.v1.ContainerUnpause.$Properties|null);

                /** Command containerKill. */
                containerKill?: (fairlead.agent.v1.ContainerKill.$Properties|null);

                /** Command containerRemove. */
                containerRemove?: (fairlead.agent.v1.ContainerRemove.$Properties|null);

                /** Command containerRollback. */
                containerRollback?: (fairlead.agent.v1.ContainerRollback.$Properties|null);

                /** Command containerBackup. */
                containerBackup?: (fairlead.agent.v1.ContainerBackup.$Properties|null);

                /** Command containerRestore. */
                containerRestore?: (fairlead.agent.v1.ContainerRestore.$Properties|null);

                /** Command backupVerify. */
                backupVerify?: (fairlead.agent.v1.BackupVerify.$Properties|null);

                /** Command backupDelete. */
                backupDelete?: (fairlead.agent.v1.BackupDelete.$Properties|null);

                /** Command imagePull. */
                imagePull?: (fairlead.agent.v1.ImagePull.$Properties|null);

                /** Command imageRemove. */
                imageRemove?: (fairlead.agent.v1.ImageRemove.$Properties|null);

                /** Command runtimePrune. */
                runtimePrune?: (fairlead.agent.v1.RuntimePrune.$Properties|null);

                /** Command projectUpdate. */
                projectUpdate?: (fairlead.agent.v1.ProjectUpdate.$Properties|null);

                /** Command action. */
                action?: ("agentPing"|"hostRefresh"|"containerStart"|"containerStop"|"containerRestart"|"containerUpdate"|"driveSelfTest"|"driveAcknowledge"|"poolScrub"|"databaseConfigure"|"containerPause"|"containerUnpause"|"containerKill"|"containerRemove"|"containerRollback"|"containerBackup"|"containerRestore"|"backupVerify"|"backupDelete"|"imagePull"|"imageRemove"|"runtimePrune"|"projectUpdate");

                /**
                 * Creates a new Command instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns Command instance
                 */
                static create(properties: fairlead.agent.v1.Command.$Shape): fairlead.agent.v1.Command & fairlead.agent.v1.Command.$Shape;
                static create(properties?: fairlead.agent.v1.Command.$Properties): fairlead.agent.v1.Command;

                /**
                 * Encodes the specified Command message. Does not implicitly {@link fairlead.agent.v1.Command.verify|verify} messages.
                 * @param message Command message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.Command.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a Command message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.Command & fairlead.agent.v1.Command.$Shape} Command
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.Command & fairlead.agent.v1.Command.$Shape;
            }

            namespace Command {

                /** Properties of a Command. */
                interface $Properties {

                    /** Command id */
                    id?: (string|null);

                    /** Command deadlineUnixMs */
                    deadlineUnixMs?: (number|null);

                    /** Command agentPing */
                    agentPing?: (fairlead.agent.v1.AgentPing.$Properties|null);

                    /** Command hostRefresh */
                    hostRefresh?: (fairlead.agent.v1.HostRefresh.$Properties|null);

                    /** Command containerStart */
                    containerStart?: (fairlead.agent.v1.ContainerStart.$Properties|null);

                    /** Command containerStop */
                    containerStop?: (fairlead.agent.v1.ContainerStop.$Properties|null);

                    /** Command containerRestart */
                    containerRestart?: (fairlead.agent.v1.ContainerRestart.$Properties|null);

                    /** Command containerUpdate */
                    containerUpdate?: (fairlead.agent.v1.ContainerUpdate.$Properties|null);

                    /** Command driveSelfTest */
                    driveSelfTest?: (fairlead.agent.v1.DriveSelfTest.$Properties|null);

                    /** Command driveAcknowledge */
                    driveAcknowledge?: (fairlead.agent.v1.DriveAcknowledge.$Properties|null);

                    /** Command poolScrub */
                    poolScrub?: (fairlead.agent.v1.PoolScrub.$Properties|null);

                    /** Command databaseConfigure */
                    databaseConfigure?: (fairlead.agent.v1.DatabaseConfigure.$Properties|null);

                    /** Command containerPause */
                    containerPause?: (fairlead.agent.v1.ContainerPause.$Properties|null);

                    /** Command containerUnpause */
                    containerUnpause?: (fairlead.agent.v1.ContainerUnpause.$Properties|null);

                    /** Command containerKill */
                    containerKill?: (fairlead.agent.v1.ContainerKill.$Properties|null);

                    /** Command containerRemove */
                    containerRemove?: (fairlead.agent.v1.ContainerRemove.$Properties|null);

                    /** Command containerRollback */
                    containerRollback?: (fairlead.agent.v1.ContainerRollback.$Properties|null);

                    /** Command containerBackup */
                    containerBackup?: (fairlead.agent.v1.ContainerBackup.$Properties|null);

                    /** Command containerRestore */
                    containerRestore?: (fairlead.agent.v1.ContainerRestore.$Properties|null);

                    /** Command backupVerify */
                    backupVerify?: (fairlead.agent.v1.BackupVerify.$Properties|null);

                    /** Command backupDelete */
                    backupDelete?: (fairlead.agent.v1.BackupDelete.$Properties|null);

                    /** Command imagePull */
                    imagePull?: (fairlead.agent.v1.ImagePull.$Properties|null);

                    /** Command imageRemove */
                    imageRemove?: (fairlead.agent.v1.ImageRemove.$Properties|null);

                    /** Command runtimePrune */
                    runtimePrune?: (fairlead.agent.v1.RuntimePrune.$Properties|null);

                    /** Command projectUpdate */
                    projectUpdate?: (fairlead.agent.v1.ProjectUpdate.$Properties|null);

                    /** Command action */
                    action?: ("agentPing"|"hostRefresh"|"containerStart"|"containerStop"|"containerRestart"|"containerUpdate"|"driveSelfTest"|"driveAcknowledge"|"poolScrub"|"databaseConfigure"|"containerPause"|"containerUnpause"|"containerKill"|"containerRemove"|"containerRollback"|"containerBackup"|"containerRestore"|"backupVerify"|"backupDelete"|"imagePull"|"imageRemove"|"runtimePrune"|"projectUpdate");

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Narrowed shape of a Command. */
                type $Shape = {
                  id?: string|null;
                  deadlineUnixMs?: number|null;
                  agentPing?: fairlead.agent.v1.AgentPing.$Shape|null;
                  hostRefresh?: fairlead.agent.v1.HostRefresh.$Shape|null;
                  containerStart?: fairlead.agent.v1.ContainerStart.$Shape|null;
                  containerStop?: fairlead.agent.v1.ContainerStop.$Shape|null;
                  containerRestart?: fairlead.agent.v1.ContainerRestart.$Shape|null;
                  containerUpdate?: fairlead.agent.v1.ContainerUpdate.$Shape|null;
                  driveSelfTest?: fairlead.agent.v1.DriveSelfTest.$Shape|null;
                  driveAcknowledge?: fairlead.agent.v1.DriveAcknowledge.$Shape|null;
                  poolScrub?: fairlead.agent.v1.PoolScrub.$Shape|null;
                  databaseConfigure?: fairlead.agent.v1.DatabaseConfigure.$Shape|null;
                  containerPause?: fairlead.agent.v1.ContainerPause.$Shape|null;
                  containerUnpause?: fairlead.agent.v1.ContainerUnpause.$Shape|null;
                  containerKill?: fairlead.agent.v1.ContainerKill.$Shape|null;
                  containerRemove?: fairlead.agent.v1.ContainerRemove.$Shape|null;
                  containerRollback?: fairlead.agent.v1.ContainerRollback.$Shape|null;
                  containerBackup?: fairlead.agent.v1.ContainerBackup.$Shape|null;
                  containerRestore?: fairlead.agent.v1.ContainerRestore.$Shape|null;
                  backupVerify?: fairlead.agent.v1.BackupVerify.$Shape|null;
                  backupDelete?: fairlead.agent.v1.BackupDelete.$Shape|null;
                  imagePull?: fairlead.agent.v1.ImagePull.$Shape|null;
                  imageRemove?: fairlead.agent.v1.ImageRemove.$Shape|null;
                  runtimePrune?: fairlead.agent.v1.RuntimePrune.$Shape|null;
                  projectUpdate?: fairlead.agent.v1.ProjectUpdate.$Shape|null;
                  $unknowns?: Uint8Array[];
                } & (
                  ({ action?: undefined; agentPing?: null; hostRefresh?: null; containerStart?: null; containerStop?: null; containerRestart?: null; containerUpdate?: null; driveSelfTest?: null; driveAcknowledge?: null; poolScrub?: null; databaseConfigure?: null; containerPause?: null; containerUnpause?: null; containerKill?: null; containerRemove?: null; containerRollback?: null; containerBackup?: null; containerRestore?: null; backupVerify?: null; backupDelete?: null; imagePull?: null; imageRemove?: null; runtimePrune?: null; projectUpdate?: null }|{ action?: "agentPing"; agentPing: fairlead.agent.v1.AgentPing.$Shape; hostRefresh?: null; containerStart?: null; containerStop?: null; containerRestart?: null; containerUpdate?: null; driveSelfTest?: null; driveAcknowledge?: null; poolScrub?: null; databaseConfigure?: null; containerPause?: null; containerUnpause?: null; containerKill?: null; containerRemove?: null; containerRollback?: null; containerBackup?: null; containerRestore?: null; backupVerify?: null; backupDelete?: null; imagePull?: null; imageRemove?: null; runtimePrune?: null; projectUpdate?: null }|{ action?: "hostRefresh"; agentPing?: null; hostRefresh: fairlead.agent.v1.HostRefresh.$Shape; containerStart?: null; containerStop?: null; containerRestart?: null; containerUpdate?: null; driveSelfTest?: null; driveAcknowledge?: null; poolScrub?: null; databaseConfigure?: null; containerPause?: null; containerUnpause?: null; containerKill?: null; containerRemove?: null; containerRollback?: null; containerBackup?: null; containerRestore?: null; backupVerify?: null; backupDelete?: null; imagePull?: null; imageRemove?: null; runtimePrune?: null; projectUpdate?: null }|{ action?: "containerStart"; agentPing?: null; hostRefresh?: null; containerStart: fairlead.agent.v1.ContainerStart.$Shape; containerStop?: null; containerRestart?: null; containerUpdate?: null; driveSelfTest?: null; driveAcknowledge?: null; poolScrub?: null; databaseConfigure?: null; containerPause?: null; containerUnpause?: null; containerKill?: null; containerRemove?: null; containerRollback?: null; containerBackup?: null; containerRestore?: null; backupVerify?: null; backupDelete?: null; imagePull?: null; imageRemove?: null; runtimePrune?: null; projectUpdate?: null }|{ action?: "containerStop"; agentPing?: null; hostRefresh?: null; containerStart?: null; containerStop: fairlead.agent.v1.ContainerStop.$Shape; containerRestart?: null; containerUpdate?: null; driveSelfTest?: null; driveAcknowledge?: null; poolScrub?: null; databaseConfigure?: null; containerPause?: null; containerUnpause?: null; containerKill?: null; containerRemove?: null; containerRollback?: null; containerBackup?: null; containerRestore?: null; backupVerify?: null; backupDelete?: null; imagePull?: null; imageRemove?: null; runtimePrune?: null; projectUpdate?: null }|{ action?: "containerRestart"; agentPing?: null; hostRefresh?: null; containerStart?: null; containerStop?: null; containerRestart: fairlead.agent.v1.ContainerRestart.$Shape; containerUpdate?: null; driveSelfTest?: null; driveAcknowledge?: null; poolScrub?: null; databaseConfigure?: null; containerPause?: null; containerUnpause?: null; containerKill?: null; containerRemove?: null; containerRollback?: null; containerBackup?: null; containerRestore?: null; backupVerify?: null; backupDelete?: null; imagePull?: null; imageRemove?: null; runtimePrune?: null; projectUpdate?: null }|{ action?: "containerUpdate"; agentPing?: null; hostRefresh?: null; containerStart?: null; containerStop?: null; containerRestart?: null; containerUpdate: fairlead.agent.v1.ContainerUpdate.$Shape; driveSelfTest?: null; driveAcknowledge?: null; poolScrub?: null; databaseConfigure?: null; containerPause?: null; containerUnpause?: null; containerKill?: null; containerRemove?: null; containerRollback?: null; containerBackup?: null; containerRestore?: null; backupVerify?: null; backupDelete?: null; imagePull?: null; imageRemove?: null; runtimePrune?: null; projectUpdate?: null }|{ action?: "driveSelfTest"; agentPing?: null; hostRefresh?: null; containerStart?: null; containerStop?: null; containerRestart?: null; containerUpdate?: null; driveSelfTest: fairlead.agent.v1.DriveSelfTest.$Shape; driveAcknowledge?: null; poolScrub?: null; databaseConfigure?: null; containerPause?: null; containerUnpause?: null; containerKill?: null; containerRemove?: null; containerRollback?: null; containerBackup?: null; containerRestore?: null; backupVerify?: null; backupDelete?: null; imagePull?: null; imageRemove?: null; runtimePrune?: null; projectUpdate?: null }|{ action?: "driveAcknowledge"; agentPing?: null; hostRefresh?: null; containerStart?: null; containerStop?: null; containerRestart?: null; containerUpdate?: null; driveSelfTest?: null; driveAcknowledge: fairlead.agent.v1.DriveAcknowledge.$Shape; poolScrub?: null; databaseConfigure?: null; containerPause?: null; containerUnpause?: null; containerKill?: null; containerRemove?: null; containerRollback?: null; containerBackup?: null; containerRestore?: null; backupVerify?: null; backupDelete?: null; imagePull?: null; imageRemove?: null; runtimePrune?: null; projectUpdate?: null }|{ action?: "poolScrub"; agentPing?: null; hostRefresh?: null; containerStart?: null; containerStop?: null; containerRestart?: null; containerUpdate?: null; driveSelfTest?: null; driveAcknowledge?: null; poolScrub: fairlead.agent.v1.PoolScrub.$Shape; databaseConfigure?: null; containerPause?: null; containerUnpause?: null; containerKill?: null; containerRemove?: null; containerRollback?: null; containerBackup?: null; containerRestore?: null; backupVerify?: null; backupDelete?: null; imagePull?: null; imageRemove?: null; runtimePrune?: null; projectUpdate?: null }|{ action?: "databaseConfigure"; agentPing?: null; hostRefresh?: null; containerStart?: null; containerStop?: null; containerRestart?: null; containerUpdate?: null; driveSelfTest?: null; driveAcknowledge?: null; poolScrub?: null; databaseConfigure: fairlead.agent.v1.DatabaseConfigure.$Shape; containerPause?: null; containerUnpause?: null; containerKill?: null; containerRemove?: null; containerRollback?: null; containerBackup?: null; containerRestore?: null; backupVerify?: null; backupDelete?: null; imagePull?: null; imageRemove?: null; runtimePrune?: null; projectUpdate?: null }|{ action?: "containerPause"; agentPing?: null; hostRefresh?: null; containerStart?: null; containerStop?: null; containerRestart?: null; containerUpdate?: null; driveSelfTest?: null; driveAcknowledge?: null; poolScrub?: null; databaseConfigure?: null; containerPause: fairlead.agent.v1.ContainerPause.$Shape; containerUnpause?: null; containerKill?: null; containerRemove?: null; containerRollback?: null; containerBackup?: null; containerRestore?: null; backupVerify?: null; backupDelete?: null; imagePull?: null; imageRemove?: null; runtimePrune?: null; projectUpdate?: null }|{ action?: "containerUnpause"; agentPing?: null; hostRefresh?: null; containerStart?: null; containerStop?: null; containerRestart?: null; containerUpdate?: null; driveSelfTest?: null; driveAcknowledge?: null; poolScrub?: null; databaseConfigure?: null; containerPause?: null; containerUnpause: fairlead.agent.v1.ContainerUnpause.$Shape; containerKill?: null; containerRemove?: null; containerRollback?: null; containerBackup?: null; containerRestore?: null; backupVerify?: null; backupDelete?: null; imagePull?: null; imageRemove?: null; runtimePrune?: null; projectUpdate?: null }|{ action?: "containerKill"; agentPing?: null; hostRefresh?: null; containerStart?: null; containerStop?: null; containerRestart?: null; containerUpdate?: null; driveSelfTest?: null; driveAcknowledge?: null; poolScrub?: null; databaseConfigure?: null; containerPause?: null; containerUnpause?: null; containerKill: fairlead.agent.v1.ContainerKill.$Shape; containerRemove?: null; containerRollback?: null; containerBackup?: null; containerRestore?: null; backupVerify?: null; backupDelete?: null; imagePull?: null; imageRemove?: null; runtimePrune?: null; projectUpdate?: null }|{ action?: "containerRemove"; agentPing?: null; hostRefresh?: null; containerStart?: null; containerStop?: null; containerRestart?: null; containerUpdate?: null; driveSelfTest?: null; driveAcknowledge?: null; poolScrub?: null; databaseConfigure?: null; containerPause?: null; containerUnpause?: null; containerKill?: null; containerRemove: fairlead.agent.v1.ContainerRemove.$Shape; containerRollback?: null; containerBackup?: null; containerRestore?: null; backupVerify?: null; backupDelete?: null; imagePull?: null; imageRemove?: null; runtimePrune?: null; projectUpdate?: null }|{ action?: "containerRollback"; agentPing?: null; hostRefresh?: null; containerStart?: null; containerStop?: null; containerRestart?: null; containerUpdate?: null; driveSelfTest?: null; driveAcknowledge?: null; poolScrub?: null; databaseConfigure?: null; containerPause?: null; containerUnpause?: null; containerKill?: null; containerRemove?: null; containerRollback: fairlead.agent.v1.ContainerRollback.$Shape; containerBackup?: null; containerRestore?: null; backupVerify?: null; backupDelete?: null; imagePull?: null; imageRemove?: null; runtimePrune?: null; projectUpdate?: null }|{ action?: "containerBackup"; agentPing?: null; hostRefresh?: null; containerStart?: null; containerStop?: null; containerRestart?: null; containerUpdate?: null; driveSelfTest?: null; driveAcknowledge?: null; poolScrub?: null; databaseConfigure?: null; containerPause?: null; containerUnpause?: null; containerKill?: null; containerRemove?: null; containerRollback?: null; containerBackup: fairlead.agent.v1.ContainerBackup.$Shape; containerRestore?: null; backupVerify?: null; backupDelete?: null; imagePull?: null; imageRemove?: null; runtimePrune?: null; projectUpdate?: null }|{ action?: "containerRestore"; agentPing?: null; hostRefresh?: null; containerStart?: null; containerStop?: null; containerRestart?: null; containerUpdate?: null; driveSelfTest?: null; driveAcknowledge?: null; poolScrub?: null; databaseConfigure?: null; containerPause?: null; containerUnpause?: null; containerKill?: null; containerRemove?: null; containerRollback?: null; containerBackup?: null; containerRestore: fairlead.agent.v1.ContainerRestore.$Shape; backupVerify?: null; backupDelete?: null; imagePull?: null; imageRemove?: null; runtimePrune?: null; projectUpdate?: null }|{ action?: "backupVerify"; agentPing?: null; hostRefresh?: null; containerStart?: null; containerStop?: null; containerRestart?: null; containerUpdate?: null; driveSelfTest?: null; driveAcknowledge?: null; poolScrub?: null; databaseConfigure?: null; containerPause?: null; containerUnpause?: null; containerKill?: null; containerRemove?: null; containerRollback?: null; containerBackup?: null; containerRestore?: null; backupVerify: fairlead.agent.v1.BackupVerify.$Shape; backupDelete?: null; imagePull?: null; imageRemove?: null; runtimePrune?: null; projectUpdate?: null }|{ action?: "backupDelete"; agentPing?: null; hostRefresh?: null; containerStart?: null; containerStop?: null; containerRestart?: null; containerUpdate?: null; driveSelfTest?: null; driveAcknowledge?: null; poolScrub?: null; databaseConfigure?: null; containerPause?: null; containerUnpause?: null; containerKill?: null; containerRemove?: null; containerRollback?: null; containerBackup?: null; containerRestore?: null; backupVerify?: null; backupDelete: fairlead.agent.v1.BackupDelete.$Shape; imagePull?: null; imageRemove?: null; runtimePrune?: null; projectUpdate?: null }|{ action?: "imagePull"; agentPing?: null; hostRefresh?: null; containerStart?: null; containerStop?: null; containerRestart?: null; containerUpdate?: null; driveSelfTest?: null; driveAcknowledge?: null; poolScrub?: null; databaseConfigure?: null; containerPause?: null; containerUnpause?: null; containerKill?: null; containerRemove?: null; containerRollback?: null; containerBackup?: null; containerRestore?: null; backupVerify?: null; backupDelete?: null; imagePull: fairlead.agent.v1.ImagePull.$Shape; imageRemove?: null; runtimePrune?: null; projectUpdate?: null }|{ action?: "imageRemove"; agentPing?: null; hostRefresh?: null; containerStart?: null; containerStop?: null; containerRestart?: null; containerUpdate?: null; driveSelfTest?: null; driveAcknowledge?: null; poolScrub?: null; databaseConfigure?: null; containerPause?: null; containerUnpause?: null; containerKill?: null; containerRemove?: null; containerRollback?: null; containerBackup?: null; containerRestore?: null; backupVerify?: null; backupDelete?: null; imagePull?: null; imageRemove: fairlead.agent.v1.ImageRemove.$Shape; runtimePrune?: null; projectUpdate?: null }|{ action?: "runtimePrune"; agentPing?: null; hostRefresh?: null; containerStart?: null; containerStop?: null; containerRestart?: null; containerUpdate?: null; driveSelfTest?: null; driveAcknowledge?: null; poolScrub?: null; databaseConfigure?: null; containerPause?: null; containerUnpause?: null; containerKill?: null; containerRemove?: null; containerRollback?: null; containerBackup?: null; containerRestore?: null; backupVerify?: null; backupDelete?: null; imagePull?: null; imageRemove?: null; runtimePrune: fairlead.agent.v1.RuntimePrune.$Shape; projectUpdate?: null }|{ action?: "projectUpdate"; agentPing?: null; hostRefresh?: null; containerStart?: null; containerStop?: null; containerRestart?: null; containerUpdate?: null; driveSelfTest?: null; driveAcknowledge?: null; poolScrub?: null; databaseConfigure?: null; containerPause?: null; containerUnpause?: null; containerKill?: null; containerRemove?: null; containerRollback?: null; containerBackup?: null; containerRestore?: null; backupVerify?: null; backupDelete?: null; imagePull?: null; imageRemove?: null; runtimePrune?: null; projectUpdate: fairlead.agent.v1.ProjectUpdate.$Shape })
                );
            }

            /**
             * Properties of an AgentPing.
             * @deprecated Use fairlead.agent.v1.AgentPing.$Properties instead.
             */
            interface IAgentPing extends fairlead.agent.v1.AgentPing.$Properties {
            }

            /** Represents an AgentPing. */
            class AgentPing {

                /**
                 * Constructs a new AgentPing.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.AgentPing.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /**
                 * Creates a new AgentPing instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns AgentPing instance
                 */
                static create(properties: fairlead.agent.v1.AgentPing.$Shape): fairlead.agent.v1.AgentPing & fairlead.agent.v1.AgentPing.$Shape;
                static create(properties?: fairlead.agent.v1.AgentPing.$Properties): fairlead.agent.v1.AgentPing;

                /**
                 * Encodes the specified AgentPing message. Does not implicitly {@link fairlead.agent.v1.AgentPing.verify|verify} messages.
                 * @param message AgentPing message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.AgentPing.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes an AgentPing message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.AgentPing & fairlead.agent.v1.AgentPing.$Shape} AgentPing
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.AgentPing & fairlead.agent.v1.AgentPing.$Shape;
            }

            namespace AgentPing {

                /** Properties of an AgentPing. */
                interface $Properties {

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of an AgentPing. */
                type $Shape = fairlead.agent.v1.AgentPing.$Properties;
            }

            /**
             * Properties of a HostRefresh.
             * @deprecated Use fairlead.agent.v1.HostRefresh.$Properties instead.
             */
            interface IHostRefresh extends fairlead.agent.v1.HostRefresh.$Properties {
            }

            /** Represents a HostRefresh. */
            class HostRefresh {

                /**
                 * Constructs a new HostRefresh.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.HostRefresh.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /**
                 * Creates a new HostRefresh instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns HostRefresh instance
                 */
                static create(properties: fairlead.agent.v1.HostRefresh.$Shape): fairlead.agent.v1.HostRefresh & fairlead.agent.v1.HostRefresh.$Shape;
                static create(properties?: fairlead.agent.v1.HostRefresh.$Properties): fairlead.agent.v1.HostRefresh;

                /**
                 * Encodes the specified HostRefresh message. Does not implicitly {@link fairlead.agent.v1.HostRefresh.verify|verify} messages.
                 * @param message HostRefresh message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.HostRefresh.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a HostRefresh message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.HostRefresh & fairlead.agent.v1.HostRefresh.$Shape} HostRefresh
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.HostRefresh & fairlead.agent.v1.HostRefresh.$Shape;
            }

            namespace HostRefresh {

                /** Properties of a HostRefresh. */
                interface $Properties {

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a HostRefresh. */
                type $Shape = fairlead.agent.v1.HostRefresh.$Properties;
            }

            /**
             * Properties of a ContainerStart.
             * @deprecated Use fairlead.agent.v1.ContainerStart.$Properties instead.
             */
            interface IContainerStart extends fairlead.agent.v1.ContainerStart.$Properties {
            }

            /** Represents a ContainerStart. */
            class ContainerStart {

                /**
                 * Constructs a new ContainerStart.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.ContainerStart.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** ContainerStart container. */
                container: string;

                /**
                 * Creates a new ContainerStart instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns ContainerStart instance
                 */
                static create(properties: fairlead.agent.v1.ContainerStart.$Shape): fairlead.agent.v1.ContainerStart & fairlead.agent.v1.ContainerStart.$Shape;
                static create(properties?: fairlead.agent.v1.ContainerStart.$Properties): fairlead.agent.v1.ContainerStart;

                /**
                 * Encodes the specified ContainerStart message. Does not implicitly {@link fairlead.agent.v1.ContainerStart.verify|verify} messages.
                 * @param message ContainerStart message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.ContainerStart.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a ContainerStart message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.ContainerStart & fairlead.agent.v1.ContainerStart.$Shape} ContainerStart
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.ContainerStart & fairlead.agent.v1.ContainerStart.$Shape;
            }

            namespace ContainerStart {

                /** Properties of a ContainerStart. */
                interface $Properties {

                    /** ContainerStart container */
                    container?: (string|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a ContainerStart. */
                type $Shape = fairlead.agent.v1.ContainerStart.$Properties;
            }

            /**
             * Properties of a ContainerStop.
             * @deprecated Use fairlead.agent.v1.ContainerStop.$Properties instead.
             */
            interface IContainerStop extends fairlead.agent.v1.ContainerStop.$Properties {
            }

            /** Represents a ContainerStop. */
            class ContainerStop {

                /**
                 * Constructs a new ContainerStop.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.ContainerStop.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** ContainerStop container. */
                container: string;

                /** ContainerStop timeoutSeconds. */
                timeoutSeconds: number;

                /**
                 * Creates a new ContainerStop instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns ContainerStop instance
                 */
                static create(properties: fairlead.agent.v1.ContainerStop.$Shape): fairlead.agent.v1.ContainerStop & fairlead.agent.v1.ContainerStop.$Shape;
                static create(properties?: fairlead.agent.v1.ContainerStop.$Properties): fairlead.agent.v1.ContainerStop;

                /**
                 * Encodes the specified ContainerStop message. Does not implicitly {@link fairlead.agent.v1.ContainerStop.verify|verify} messages.
                 * @param message ContainerStop message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.ContainerStop.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a ContainerStop message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.ContainerStop & fairlead.agent.v1.ContainerStop.$Shape} ContainerStop
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.ContainerStop & fairlead.agent.v1.ContainerStop.$Shape;
            }

            namespace ContainerStop {

                /** Properties of a ContainerStop. */
                interface $Properties {

                    /** ContainerStop container */
                    container?: (string|null);

                    /** ContainerStop timeoutSeconds */
                    timeoutSeconds?: (number|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a ContainerStop. */
                type $Shape = fairlead.agent.v1.ContainerStop.$Properties;
            }

            /**
             * Properties of a ContainerRestart.
             * @deprecated Use fairlead.agent.v1.ContainerRestart.$Properties instead.
             */
            interface IContainerRestart extends fairlead.agent.v1.ContainerRestart.$Properties {
            }

            /** Represents a ContainerRestart. */
            class ContainerRestart {

                /**
                 * Constructs a new ContainerRestart.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.ContainerRestart.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** ContainerRestart container. */
                container: string;

                /** ContainerRestart timeoutSeconds. */
                timeoutSeconds: number;

                /**
                 * Creates a new ContainerRestart instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns ContainerRestart instance
                 */
                static create(properties: fairlead.agent.v1.ContainerRestart.$Shape): fairlead.agent.v1.ContainerRestart & fairlead.agent.v1.ContainerRestart.$Shape;
                static create(properties?: fairlead.agent.v1.ContainerRestart.$Properties): fairlead.agent.v1.ContainerRestart;

                /**
                 * Encodes the specified ContainerRestart message. Does not implicitly {@link fairlead.agent.v1.ContainerRestart.verify|verify} messages.
                 * @param message ContainerRestart message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.ContainerRestart.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a ContainerRestart message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.ContainerRestart & fairlead.agent.v1.ContainerRestart.$Shape} ContainerRestart
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.ContainerRestart & fairlead.agent.v1.ContainerRestart.$Shape;
            }

            namespace ContainerRestart {

                /** Properties of a ContainerRestart. */
                interface $Properties {

                    /** ContainerRestart container */
                    container?: (string|null);

                    /** ContainerRestart timeoutSeconds */
                    timeoutSeconds?: (number|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a ContainerRestart. */
                type $Shape = fairlead.agent.v1.ContainerRestart.$Properties;
            }

            /**
             * Properties of a ContainerUpdate.
             * @deprecated Use fairlead.agent.v1.ContainerUpdate.$Properties instead.
             */
            interface IContainerUpdate extends fairlead.agent.v1.ContainerUpdate.$Properties {
            }

            /** Represents a ContainerUpdate. */
            class ContainerUpdate {

                /**
                 * Constructs a new ContainerUpdate.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.ContainerUpdate.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** ContainerUpdate container. */
                container: string;

                /** ContainerUpdate image. */
                image: string;

                /** ContainerUpdate stableSeconds. */
                stableSeconds: number;

                /** ContainerUpdate healthTimeoutSeconds. */
                healthTimeoutSeconds: number;

                /** ContainerUpdate dryRun. */
                dryRun: boolean;

                /** ContainerUpdate gates. */
                gates: fairlead.agent.v1.Gate.$Properties[];

                /** ContainerUpdate backup. */
                backup?: (fairlead.agent.v1.BackupOptions.$Properties|null);

                /** ContainerUpdate forceReason. */
                forceReason: string;

                /** ContainerUpdate keepImageSeconds. */
                keepImageSeconds: number;

                /**
                 * Creates a new ContainerUpdate instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns ContainerUpdate instance
                 */
                static create(properties: fairlead.agent.v1.ContainerUpdate.$Shape): fairlead.agent.v1.ContainerUpdate & fairlead.agent.v1.ContainerUpdate.$Shape;
                static create(properties?: fairlead.agent.v1.ContainerUpdate.$Properties): fairlead.agent.v1.ContainerUpdate;

                /**
                 * Encodes the specified ContainerUpdate message. Does not implicitly {@link fairlead.agent.v1.ContainerUpdate.verify|verify} messages.
                 * @param message ContainerUpdate message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.ContainerUpdate.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a ContainerUpdate message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.ContainerUpdate & fairlead.agent.v1.ContainerUpdate.$Shape} ContainerUpdate
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.ContainerUpdate & fairlead.agent.v1.ContainerUpdate.$Shape;
            }

            namespace ContainerUpdate {

                /** Properties of a ContainerUpdate. */
                interface $Properties {

                    /** ContainerUpdate container */
                    container?: (string|null);

                    /** ContainerUpdate image */
                    image?: (string|null);

                    /** ContainerUpdate stableSeconds */
                    stableSeconds?: (number|null);

                    /** ContainerUpdate healthTimeoutSeconds */
                    healthTimeoutSeconds?: (number|null);

                    /** ContainerUpdate dryRun */
                    dryRun?: (boolean|null);

                    /** ContainerUpdate gates */
                    gates?: (fairlead.agent.v1.Gate.$Properties[]|null);

                    /** ContainerUpdate backup */
                    backup?: (fairlead.agent.v1.BackupOptions.$Properties|null);

                    /** ContainerUpdate forceReason */
                    forceReason?: (string|null);

                    /** ContainerUpdate keepImageSeconds */
                    keepImageSeconds?: (number|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a ContainerUpdate. */
                type $Shape = {
                  container?: string|null;
                  image?: string|null;
                  stableSeconds?: number|null;
                  healthTimeoutSeconds?: number|null;
                  dryRun?: boolean|null;
                  gates?: fairlead.agent.v1.Gate.$Shape[]|null;
                  backup?: fairlead.agent.v1.BackupOptions.$Shape|null;
                  forceReason?: string|null;
                  keepImageSeconds?: number|null;
                  $unknowns?: Uint8Array[];
                };
            }

            /**
             * Properties of a Gate.
             * @deprecated Use fairlead.agent.v1.Gate.$Properties instead.
             */
            interface IGate extends fairlead.agent.v1.Gate.$Properties {
            }

            /** Represents a Gate. */
            class Gate {

                /**
                 * Constructs a new Gate.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.Gate.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** Gate tcp. */
                tcp?: (fairlead.agent.v1.TcpGate.$Properties|null);

                /** Gate http. */
                http?: (fairlead.agent.v1.HttpGate.$Properties|null);

                /** Gate exec. */
                exec?: (fairlead.agent.v1.ExecGate.$Properties|null);

                /** Gate timeoutSeconds. */
                timeoutSeconds: number;

                /** Gate probe. */
                probe?: ("tcp"|"http"|"exec");

                /**
                 * Creates a new Gate instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns Gate instance
                 */
                static create(properties: fairlead.agent.v1.Gate.$Shape): fairlead.agent.v1.Gate & fairlead.agent.v1.Gate.$Shape;
                static create(properties?: fairlead.agent.v1.Gate.$Properties): fairlead.agent.v1.Gate;

                /**
                 * Encodes the specified Gate message. Does not implicitly {@link fairlead.agent.v1.Gate.verify|verify} messages.
                 * @param message Gate message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.Gate.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a Gate message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.Gate & fairlead.agent.v1.Gate.$Shape} Gate
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.Gate & fairlead.agent.v1.Gate.$Shape;
            }

            namespace Gate {

                /** Properties of a Gate. */
                interface $Properties {

                    /** Gate tcp */
                    tcp?: (fairlead.agent.v1.TcpGate.$Properties|null);

                    /** Gate http */
                    http?: (fairlead.agent.v1.HttpGate.$Properties|null);

                    /** Gate exec */
                    exec?: (fairlead.agent.v1.ExecGate.$Properties|null);

                    /** Gate timeoutSeconds */
                    timeoutSeconds?: (number|null);

                    /** Gate probe */
                    probe?: ("tcp"|"http"|"exec");

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Narrowed shape of a Gate. */
                type $Shape = {
                  tcp?: fairlead.agent.v1.TcpGate.$Shape|null;
                  http?: fairlead.agent.v1.HttpGate.$Shape|null;
                  exec?: fairlead.agent.v1.ExecGate.$Shape|null;
                  timeoutSeconds?: number|null;
                  $unknowns?: Uint8Array[];
                } & (
                  ({ probe?: undefined; tcp?: null; http?: null; exec?: null }|{ probe?: "tcp"; tcp: fairlead.agent.v1.TcpGate.$Shape; http?: null; exec?: null }|{ probe?: "http"; tcp?: null; http: fairlead.agent.v1.HttpGate.$Shape; exec?: null }|{ probe?: "exec"; tcp?: null; http?: null; exec: fairlead.agent.v1.ExecGate.$Shape })
                );
            }

            /**
             * Properties of a TcpGate.
             * @deprecated Use fairlead.agent.v1.TcpGate.$Properties instead.
             */
            interface ITcpGate extends fairlead.agent.v1.TcpGate.$Properties {
            }

            /** Represents a TcpGate. */
            class TcpGate {

                /**
                 * Constructs a new TcpGate.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.TcpGate.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** TcpGate port. */
                port: number;

                /**
                 * Creates a new TcpGate instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns TcpGate instance
                 */
                static create(properties: fairlead.agent.v1.TcpGate.$Shape): fairlead.agent.v1.TcpGate & fairlead.agent.v1.TcpGate.$Shape;
                static create(properties?: fairlead.agent.v1.TcpGate.$Properties): fairlead.agent.v1.TcpGate;

                /**
                 * Encodes the specified TcpGate message. Does not implicitly {@link fairlead.agent.v1.TcpGate.verify|verify} messages.
                 * @param message TcpGate message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.TcpGate.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a TcpGate message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.TcpGate & fairlead.agent.v1.TcpGate.$Shape} TcpGate
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.TcpGate & fairlead.agent.v1.TcpGate.$Shape;
            }

            namespace TcpGate {

                /** Properties of a TcpGate. */
                interface $Properties {

                    /** TcpGate port */
                    port?: (number|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a TcpGate. */
                type $Shape = fairlead.agent.v1.TcpGate.$Properties;
            }

            /**
             * Properties of a HttpGate.
             * @deprecated Use fairlead.agent.v1.HttpGate.$Properties instead.
             */
            interface IHttpGate extends fairlead.agent.v1.HttpGate.$Properties {
            }

            /** Represents a HttpGate. */
            class HttpGate {

                /**
                 * Constructs a new HttpGate.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.HttpGate.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** HttpGate port. */
                port: number;

                /** HttpGate path. */
                path: string;

                /** HttpGate status. */
                status: string;

                /** HttpGate contains. */
                contains: string;

                /** HttpGate tls. */
                tls: boolean;

                /**
                 * Creates a new HttpGate instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns HttpGate instance
                 */
                static create(properties: fairlead.agent.v1.HttpGate.$Shape): fairlead.agent.v1.HttpGate & fairlead.agent.v1.HttpGate.$Shape;
                static create(properties?: fairlead.agent.v1.HttpGate.$Properties): fairlead.agent.v1.HttpGate;

                /**
                 * Encodes the specified HttpGate message. Does not implicitly {@link fairlead.agent.v1.HttpGate.verify|verify} messages.
                 * @param message HttpGate message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.HttpGate.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a HttpGate message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.HttpGate & fairlead.agent.v1.HttpGate.$Shape} HttpGate
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.HttpGate & fairlead.agent.v1.HttpGate.$Shape;
            }

            namespace HttpGate {

                /** Properties of a HttpGate. */
                interface $Properties {

                    /** HttpGate port */
                    port?: (number|null);

                    /** HttpGate path */
                    path?: (string|null);

                    /** HttpGate status */
                    status?: (string|null);

                    /** HttpGate contains */
                    contains?: (string|null);

                    /** HttpGate tls */
                    tls?: (boolean|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a HttpGate. */
                type $Shape = fairlead.agent.v1.HttpGate.$Properties;
            }

            /**
             * Properties of an ExecGate.
             * @deprecated Use fairlead.agent.v1.ExecGate.$Properties instead.
             */
            interface IExecGate extends fairlead.agent.v1.ExecGate.$Properties {
            }

            /** Represents an ExecGate. */
            class ExecGate {

                /**
                 * Constructs a new ExecGate.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.ExecGate.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** ExecGate command. */
                command: string[];

                /**
                 * Creates a new ExecGate instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns ExecGate instance
                 */
                static create(properties: fairlead.agent.v1.ExecGate.$Shape): fairlead.agent.v1.ExecGate & fairlead.agent.v1.ExecGate.$Shape;
                static create(properties?: fairlead.agent.v1.ExecGate.$Properties): fairlead.agent.v1.ExecGate;

                /**
                 * Encodes the specified ExecGate message. Does not implicitly {@link fairlead.agent.v1.ExecGate.verify|verify} messages.
                 * @param message ExecGate message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.ExecGate.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes an ExecGate message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.ExecGate & fairlead.agent.v1.ExecGate.$Shape} ExecGate
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.ExecGate & fairlead.agent.v1.ExecGate.$Shape;
            }

            namespace ExecGate {

                /** Properties of an ExecGate. */
                interface $Properties {

                    /** ExecGate command */
                    command?: (string[]|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of an ExecGate. */
                type $Shape = fairlead.agent.v1.ExecGate.$Properties;
            }

            /** BackupConsistency enum. */
            enum BackupConsistency {

                /** BACKUP_CONSISTENCY_UNSPECIFIED value */
                BACKUP_CONSISTENCY_UNSPECIFIED = 0,

                /** BACKUP_CONSISTENCY_PAUSE value */
                BACKUP_CONSISTENCY_PAUSE = 1,

                /** BACKUP_CONSISTENCY_STOP value */
                BACKUP_CONSISTENCY_STOP = 2,

                /** BACKUP_CONSISTENCY_LIVE value */
                BACKUP_CONSISTENCY_LIVE = 3
            }

            /**
             * Properties of a BackupOptions.
             * @deprecated Use fairlead.agent.v1.BackupOptions.$Properties instead.
             */
            interface IBackupOptions extends fairlead.agent.v1.BackupOptions.$Properties {
            }

            /** Represents a BackupOptions. */
            class BackupOptions {

                /**
                 * Constructs a new BackupOptions.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.BackupOptions.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** BackupOptions volumes. */
                volumes: boolean;

                /** BackupOptions binds. */
                binds: string[];

                /** BackupOptions dump. */
                dump: boolean;

                /** BackupOptions consistency. */
                consistency: fairlead.agent.v1.BackupConsistency;

                /** BackupOptions keepDays. */
                keepDays: number;

                /**
                 * Creates a new BackupOptions instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns BackupOptions instance
                 */
                static create(properties: fairlead.agent.v1.BackupOptions.$Shape): fairlead.agent.v1.BackupOptions & fairlead.agent.v1.BackupOptions.$Shape;
                static create(properties?: fairlead.agent.v1.BackupOptions.$Properties): fairlead.agent.v1.BackupOptions;

                /**
                 * Encodes the specified BackupOptions message. Does not implicitly {@link fairlead.agent.v1.BackupOptions.verify|verify} messages.
                 * @param message BackupOptions message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.BackupOptions.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a BackupOptions message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.BackupOptions & fairlead.agent.v1.BackupOptions.$Shape} BackupOptions
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.BackupOptions & fairlead.agent.v1.BackupOptions.$Shape;
            }

            namespace BackupOptions {

                /** Properties of a BackupOptions. */
                interface $Properties {

                    /** BackupOptions volumes */
                    volumes?: (boolean|null);

                    /** BackupOptions binds */
                    binds?: (string[]|null);

                    /** BackupOptions dump */
                    dump?: (boolean|null);

                    /** BackupOptions consistency */
                    consistency?: (fairlead.agent.v1.BackupConsistency|null);

                    /** BackupOptions keepDays */
                    keepDays?: (number|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a BackupOptions. */
                type $Shape = fairlead.agent.v1.BackupOptions.$Properties;
            }

            /**
             * Properties of a ProjectUpdate.
             * @deprecated Use fairlead.agent.v1.ProjectUpdate.$Properties instead.
             */
            interface IProjectUpdate extends fairlead.agent.v1.ProjectUpdate.$Properties {
            }

            /** Represents a ProjectUpdate. */
            class ProjectUpdate {

                /**
                 * Constructs a new ProjectUpdate.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.ProjectUpdate.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** ProjectUpdate project. */
                project: string;

                /** ProjectUpdate images. */
                images: { [k: string]: string };

                /** ProjectUpdate stableSeconds. */
                stableSeconds: number;

                /** ProjectUpdate healthTimeoutSeconds. */
                healthTimeoutSeconds: number;

                /** ProjectUpdate dryRun. */
                dryRun: boolean;

                /** ProjectUpdate backup. */
                backup?: (fairlead.agent.v1.BackupOptions.$Properties|null);

                /** ProjectUpdate forceReason. */
                forceReason: string;

                /** ProjectUpdate keepImageSeconds. */
                keepImageSeconds: number;

                /**
                 * Creates a new ProjectUpdate instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns ProjectUpdate instance
                 */
                static create(properties: fairlead.agent.v1.ProjectUpdate.$Shape): fairlead.agent.v1.ProjectUpdate & fairlead.agent.v1.ProjectUpdate.$Shape;
                static create(properties?: fairlead.agent.v1.ProjectUpdate.$Properties): fairlead.agent.v1.ProjectUpdate;

                /**
                 * Encodes the specified ProjectUpdate message. Does not implicitly {@link fairlead.agent.v1.ProjectUpdate.verify|verify} messages.
                 * @param message ProjectUpdate message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.ProjectUpdate.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a ProjectUpdate message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.ProjectUpdate & fairlead.agent.v1.ProjectUpdate.$Shape} ProjectUpdate
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.ProjectUpdate & fairlead.agent.v1.ProjectUpdate.$Shape;
            }

            namespace ProjectUpdate {

                /** Properties of a ProjectUpdate. */
                interface $Properties {

                    /** ProjectUpdate project */
                    project?: (string|null);

                    /** ProjectUpdate images */
                    images?: ({ [k: string]: string }|null);

                    /** ProjectUpdate stableSeconds */
                    stableSeconds?: (number|null);

                    /** ProjectUpdate healthTimeoutSeconds */
                    healthTimeoutSeconds?: (number|null);

                    /** ProjectUpdate dryRun */
                    dryRun?: (boolean|null);

                    /** ProjectUpdate backup */
                    backup?: (fairlead.agent.v1.BackupOptions.$Properties|null);

                    /** ProjectUpdate forceReason */
                    forceReason?: (string|null);

                    /** ProjectUpdate keepImageSeconds */
                    keepImageSeconds?: (number|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a ProjectUpdate. */
                type $Shape = fairlead.agent.v1.ProjectUpdate.$Properties;
            }

            /**
             * Properties of a ContainerRollback.
             * @deprecated Use fairlead.agent.v1.ContainerRollback.$Properties instead.
             */
            interface IContainerRollback extends fairlead.agent.v1.ContainerRollback.$Properties {
            }

            /** Represents a ContainerRollback. */
            class ContainerRollback {

                /**
                 * Constructs a new ContainerRollback.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.ContainerRollback.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** ContainerRollback container. */
                container: string;

                /** ContainerRollback update. */
                update: string;

                /** ContainerRollback forceReason. */
                forceReason: string;

                /** ContainerRollback stableSeconds. */
                stableSeconds: number;

                /** ContainerRollback healthTimeoutSeconds. */
                healthTimeoutSeconds: number;

                /**
                 * Creates a new ContainerRollback instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns ContainerRollback instance
                 */
                static create(properties: fairlead.agent.v1.ContainerRollback.$Shape): fairlead.agent.v1.ContainerRollback & fairlead.agent.v1.ContainerRollback.$Shape;
                static create(properties?: fairlead.agent.v1.ContainerRollback.$Properties): fairlead.agent.v1.ContainerRollback;

                /**
                 * Encodes the specified ContainerRollback message. Does not implicitly {@link fairlead.agent.v1.ContainerRollback.verify|verify} messages.
                 * @param message ContainerRollback message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.ContainerRollback.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a ContainerRollback message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.ContainerRollback & fairlead.agent.v1.ContainerRollback.$Shape} ContainerRollback
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.ContainerRollback & fairlead.agent.v1.ContainerRollback.$Shape;
            }

            namespace ContainerRollback {

                /** Properties of a ContainerRollback. */
                interface $Properties {

                    /** ContainerRollback container */
                    container?: (string|null);

                    /** ContainerRollback update */
                    update?: (string|null);

                    /** ContainerRollback forceReason */
                    forceReason?: (string|null);

                    /** ContainerRollback stableSeconds */
                    stableSeconds?: (number|null);

                    /** ContainerRollback healthTimeoutSeconds */
                    healthTimeoutSeconds?: (number|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a ContainerRollback. */
                type $Shape = fairlead.agent.v1.ContainerRollback.$Properties;
            }

            /**
             * Properties of a ContainerBackup.
             * @deprecated Use fairlead.agent.v1.ContainerBackup.$Properties instead.
             */
            interface IContainerBackup extends fairlead.agent.v1.ContainerBackup.$Properties {
            }

            /** Represents a ContainerBackup. */
            class ContainerBackup {

                /**
                 * Constructs a new ContainerBackup.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.ContainerBackup.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** ContainerBackup container. */
                container: string;

                /** ContainerBackup options. */
                options?: (fairlead.agent.v1.BackupOptions.$Properties|null);

                /**
                 * Creates a new ContainerBackup instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns ContainerBackup instance
                 */
                static create(properties: fairlead.agent.v1.ContainerBackup.$Shape): fairlead.agent.v1.ContainerBackup & fairlead.agent.v1.ContainerBackup.$Shape;
                static create(properties?: fairlead.agent.v1.ContainerBackup.$Properties): fairlead.agent.v1.ContainerBackup;

                /**
                 * Encodes the specified ContainerBackup message. Does not implicitly {@link fairlead.agent.v1.ContainerBackup.verify|verify} messages.
                 * @param message ContainerBackup message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.ContainerBackup.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a ContainerBackup message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.ContainerBackup & fairlead.agent.v1.ContainerBackup.$Shape} ContainerBackup
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.ContainerBackup & fairlead.agent.v1.ContainerBackup.$Shape;
            }

            namespace ContainerBackup {

                /** Properties of a ContainerBackup. */
                interface $Properties {

                    /** ContainerBackup container */
                    container?: (string|null);

                    /** ContainerBackup options */
                    options?: (fairlead.agent.v1.BackupOptions.$Properties|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a ContainerBackup. */
                type $Shape = fairlead.agent.v1.ContainerBackup.$Properties;
            }

            /**
             * Properties of a ContainerRestore.
             * @deprecated Use fairlead.agent.v1.ContainerRestore.$Properties instead.
             */
            interface IContainerRestore extends fairlead.agent.v1.ContainerRestore.$Properties {
            }

            /** Represents a ContainerRestore. */
            class ContainerRestore {

                /**
                 * Constructs a new ContainerRestore.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.ContainerRestore.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** ContainerRestore backup. */
                backup: string;

                /** ContainerRestore name. */
                name: string;

                /** ContainerRestore overwriteVolumes. */
                overwriteVolumes: boolean;

                /** ContainerRestore start. */
                start: fairlead.agent.v1.RestoreStart;

                /**
                 * Creates a new ContainerRestore instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns ContainerRestore instance
                 */
                static create(properties: fairlead.agent.v1.ContainerRestore.$Shape): fairlead.agent.v1.ContainerRestore & fairlead.agent.v1.ContainerRestore.$Shape;
                static create(properties?: fairlead.agent.v1.ContainerRestore.$Properties): fairlead.agent.v1.ContainerRestore;

                /**
                 * Encodes the specified ContainerRestore message. Does not implicitly {@link fairlead.agent.v1.ContainerRestore.verify|verify} messages.
                 * @param message ContainerRestore message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.ContainerRestore.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a ContainerRestore message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.ContainerRestore & fairlead.agent.v1.ContainerRestore.$Shape} ContainerRestore
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.ContainerRestore & fairlead.agent.v1.ContainerRestore.$Shape;
            }

            namespace ContainerRestore {

                /** Properties of a ContainerRestore. */
                interface $Properties {

                    /** ContainerRestore backup */
                    backup?: (string|null);

                    /** ContainerRestore name */
                    name?: (string|null);

                    /** ContainerRestore overwriteVolumes */
                    overwriteVolumes?: (boolean|null);

                    /** ContainerRestore start */
                    start?: (fairlead.agent.v1.RestoreStart|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a ContainerRestore. */
                type $Shape = fairlead.agent.v1.ContainerRestore.$Properties;
            }

            /** RestoreStart enum. */
            enum RestoreStart {

                /** RESTORE_START_UNSPECIFIED value */
                RESTORE_START_UNSPECIFIED = 0,

                /** RESTORE_START_YES value */
                RESTORE_START_YES = 1,

                /** RESTORE_START_NO value */
                RESTORE_START_NO = 2
            }

            /**
             * Properties of a BackupVerify.
             * @deprecated Use fairlead.agent.v1.BackupVerify.$Properties instead.
             */
            interface IBackupVerify extends fairlead.agent.v1.BackupVerify.$Properties {
            }

            /** Represents a BackupVerify. */
            class BackupVerify {

                /**
                 * Constructs a new BackupVerify.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.BackupVerify.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** BackupVerify backup. */
                backup: string;

                /**
                 * Creates a new BackupVerify instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns BackupVerify instance
                 */
                static create(properties: fairlead.agent.v1.BackupVerify.$Shape): fairlead.agent.v1.BackupVerify & fairlead.agent.v1.BackupVerify.$Shape;
                static create(properties?: fairlead.agent.v1.BackupVerify.$Properties): fairlead.agent.v1.BackupVerify;

                /**
                 * Encodes the specified BackupVerify message. Does not implicitly {@link fairlead.agent.v1.BackupVerify.verify|verify} messages.
                 * @param message BackupVerify message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.BackupVerify.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a BackupVerify message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.BackupVerify & fairlead.agent.v1.BackupVerify.$Shape} BackupVerify
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.BackupVerify & fairlead.agent.v1.BackupVerify.$Shape;
            }

            namespace BackupVerify {

                /** Properties of a BackupVerify. */
                interface $Properties {

                    /** BackupVerify backup */
                    backup?: (string|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a BackupVerify. */
                type $Shape = fairlead.agent.v1.BackupVerify.$Properties;
            }

            /**
             * Properties of a BackupDelete.
             * @deprecated Use fairlead.agent.v1.BackupDelete.$Properties instead.
             */
            interface IBackupDelete extends fairlead.agent.v1.BackupDelete.$Properties {
            }

            /** Represents a BackupDelete. */
            class BackupDelete {

                /**
                 * Constructs a new BackupDelete.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.BackupDelete.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** BackupDelete backup. */
                backup: string;

                /**
                 * Creates a new BackupDelete instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns BackupDelete instance
                 */
                static create(properties: fairlead.agent.v1.BackupDelete.$Shape): fairlead.agent.v1.BackupDelete & fairlead.agent.v1.BackupDelete.$Shape;
                static create(properties?: fairlead.agent.v1.BackupDelete.$Properties): fairlead.agent.v1.BackupDelete;

                /**
                 * Encodes the specified BackupDelete message. Does not implicitly {@link fairlead.agent.v1.BackupDelete.verify|verify} messages.
                 * @param message BackupDelete message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.BackupDelete.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a BackupDelete message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.BackupDelete & fairlead.agent.v1.BackupDelete.$Shape} BackupDelete
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.BackupDelete & fairlead.agent.v1.BackupDelete.$Shape;
            }

            namespace BackupDelete {

                /** Properties of a BackupDelete. */
                interface $Properties {

                    /** BackupDelete backup */
                    backup?: (string|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a BackupDelete. */
                type $Shape = fairlead.agent.v1.BackupDelete.$Properties;
            }

            /**
             * Properties of a ContainerPause.
             * @deprecated Use fairlead.agent.v1.ContainerPause.$Properties instead.
             */
            interface IContainerPause extends fairlead.agent.v1.ContainerPause.$Properties {
            }

            /** Represents a ContainerPause. */
            class ContainerPause {

                /**
                 * Constructs a new ContainerPause.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.ContainerPause.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** ContainerPause container. */
                container: string;

                /**
                 * Creates a new ContainerPause instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns ContainerPause instance
                 */
                static create(properties: fairlead.agent.v1.ContainerPause.$Shape): fairlead.agent.v1.ContainerPause & fairlead.agent.v1.ContainerPause.$Shape;
                static create(properties?: fairlead.agent.v1.ContainerPause.$Properties): fairlead.agent.v1.ContainerPause;

                /**
                 * Encodes the specified ContainerPause message. Does not implicitly {@link fairlead.agent.v1.ContainerPause.verify|verify} messages.
                 * @param message ContainerPause message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.ContainerPause.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a ContainerPause message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.ContainerPause & fairlead.agent.v1.ContainerPause.$Shape} ContainerPause
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.ContainerPause & fairlead.agent.v1.ContainerPause.$Shape;
            }

            namespace ContainerPause {

                /** Properties of a ContainerPause. */
                interface $Properties {

                    /** ContainerPause container */
                    container?: (string|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a ContainerPause. */
                type $Shape = fairlead.agent.v1.ContainerPause.$Properties;
            }

            /**
             * Properties of a ContainerUnpause.
             * @deprecated Use fairlead.agent.v1.ContainerUnpause.$Properties instead.
             */
            interface IContainerUnpause extends fairlead.agent.v1.ContainerUnpause.$Properties {
            }

            /** Represents a ContainerUnpause. */
            class ContainerUnpause {

                /**
                 * Constructs a new ContainerUnpause.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.ContainerUnpause.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** ContainerUnpause container. */
                container: string;

                /**
                 * Creates a new ContainerUnpause instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns ContainerUnpause instance
                 */
                static create(properties: fairlead.agent.v1.ContainerUnpause.$Shape): fairlead.agent.v1.ContainerUnpause & fairlead.agent.v1.ContainerUnpause.$Shape;
                static create(properties?: fairlead.agent.v1.ContainerUnpause.$Properties): fairlead.agent.v1.ContainerUnpause;

                /**
                 * Encodes the specified ContainerUnpause message. Does not implicitly {@link fairlead.agent.v1.ContainerUnpause.verify|verify} messages.
                 * @param message ContainerUnpause message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.ContainerUnpause.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a ContainerUnpause message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.ContainerUnpause & fairlead.agent.v1.ContainerUnpause.$Shape} ContainerUnpause
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.ContainerUnpause & fairlead.agent.v1.ContainerUnpause.$Shape;
            }

            namespace ContainerUnpause {

                /** Properties of a ContainerUnpause. */
                interface $Properties {

                    /** ContainerUnpause container */
                    container?: (string|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a ContainerUnpause. */
                type $Shape = fairlead.agent.v1.ContainerUnpause.$Properties;
            }

            /**
             * Properties of a ContainerKill.
             * @deprecated Use fairlead.agent.v1.ContainerKill.$Properties instead.
             */
            interface IContainerKill extends fairlead.agent.v1.ContainerKill.$Properties {
            }

            /** Represents a ContainerKill. */
            class ContainerKill {

                /**
                 * Constructs a new ContainerKill.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.ContainerKill.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** ContainerKill container. */
                container: string;

                /** ContainerKill signal. */
                signal: string;

                /**
                 * Creates a new ContainerKill instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns ContainerKill instance
                 */
                static create(properties: fairlead.agent.v1.ContainerKill.$Shape): fairlead.agent.v1.ContainerKill & fairlead.agent.v1.ContainerKill.$Shape;
                static create(properties?: fairlead.agent.v1.ContainerKill.$Properties): fairlead.agent.v1.ContainerKill;

                /**
                 * Encodes the specified ContainerKill message. Does not implicitly {@link fairlead.agent.v1.ContainerKill.verify|verify} messages.
                 * @param message ContainerKill message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.ContainerKill.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a ContainerKill message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.ContainerKill & fairlead.agent.v1.ContainerKill.$Shape} ContainerKill
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.ContainerKill & fairlead.agent.v1.ContainerKill.$Shape;
            }

            namespace ContainerKill {

                /** Properties of a ContainerKill. */
                interface $Properties {

                    /** ContainerKill container */
                    container?: (string|null);

                    /** ContainerKill signal */
                    signal?: (string|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a ContainerKill. */
                type $Shape = fairlead.agent.v1.ContainerKill.$Properties;
            }

            /**
             * Properties of a ContainerRemove.
             * @deprecated Use fairlead.agent.v1.ContainerRemove.$Properties instead.
             */
            interface IContainerRemove extends fairlead.agent.v1.ContainerRemove.$Properties {
            }

            /** Represents a ContainerRemove. */
            class ContainerRemove {

                /**
                 * Constructs a new ContainerRemove.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.ContainerRemove.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** ContainerRemove container. */
                container: string;

                /** ContainerRemove force. */
                force: boolean;

                /** ContainerRemove volumes. */
                volumes: boolean;

                /**
                 * Creates a new ContainerRemove instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns ContainerRemove instance
                 */
                static create(properties: fairlead.agent.v1.ContainerRemove.$Shape): fairlead.agent.v1.ContainerRemove & fairlead.agent.v1.ContainerRemove.$Shape;
                static create(properties?: fairlead.agent.v1.ContainerRemove.$Properties): fairlead.agent.v1.ContainerRemove;

                /**
                 * Encodes the specified ContainerRemove message. Does not implicitly {@link fairlead.agent.v1.ContainerRemove.verify|verify} messages.
                 * @param message ContainerRemove message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.ContainerRemove.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a ContainerRemove message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.ContainerRemove & fairlead.agent.v1.ContainerRemove.$Shape} ContainerRemove
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.ContainerRemove & fairlead.agent.v1.ContainerRemove.$Shape;
            }

            namespace ContainerRemove {

                /** Properties of a ContainerRemove. */
                interface $Properties {

                    /** ContainerRemove container */
                    container?: (string|null);

                    /** ContainerRemove force */
                    force?: (boolean|null);

                    /** ContainerRemove volumes */
                    volumes?: (boolean|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a ContainerRemove. */
                type $Shape = fairlead.agent.v1.ContainerRemove.$Properties;
            }

            /**
             * Properties of an ImagePull.
             * @deprecated Use fairlead.agent.v1.ImagePull.$Properties instead.
             */
            interface IImagePull extends fairlead.agent.v1.ImagePull.$Properties {
            }

            /** Represents an ImagePull. */
            class ImagePull {

                /**
                 * Constructs a new ImagePull.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.ImagePull.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** ImagePull runtime. */
                runtime: string;

                /** ImagePull image. */
                image: string;

                /**
                 * Creates a new ImagePull instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns ImagePull instance
                 */
                static create(properties: fairlead.agent.v1.ImagePull.$Shape): fairlead.agent.v1.ImagePull & fairlead.agent.v1.ImagePull.$Shape;
                static create(properties?: fairlead.agent.v1.ImagePull.$Properties): fairlead.agent.v1.ImagePull;

                /**
                 * Encodes the specified ImagePull message. Does not implicitly {@link fairlead.agent.v1.ImagePull.verify|verify} messages.
                 * @param message ImagePull message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.ImagePull.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes an ImagePull message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.ImagePull & fairlead.agent.v1.ImagePull.$Shape} ImagePull
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.ImagePull & fairlead.agent.v1.ImagePull.$Shape;
            }

            namespace ImagePull {

                /** Properties of an ImagePull. */
                interface $Properties {

                    /** ImagePull runtime */
                    runtime?: (string|null);

                    /** ImagePull image */
                    image?: (string|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of an ImagePull. */
                type $Shape = fairlead.agent.v1.ImagePull.$Properties;
            }

            /**
             * Properties of an ImageRemove.
             * @deprecated Use fairlead.agent.v1.ImageRemove.$Properties instead.
             */
            interface IImageRemove extends fairlead.agent.v1.ImageRemove.$Properties {
            }

            /** Represents an ImageRemove. */
            class ImageRemove {

                /**
                 * Constructs a new ImageRemove.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.ImageRemove.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** ImageRemove runtime. */
                runtime: string;

                /** ImageRemove image. */
                image: string;

                /** ImageRemove force. */
                force: boolean;

                /**
                 * Creates a new ImageRemove instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns ImageRemove instance
                 */
                static create(properties: fairlead.agent.v1.ImageRemove.$Shape): fairlead.agent.v1.ImageRemove & fairlead.agent.v1.ImageRemove.$Shape;
                static create(properties?: fairlead.agent.v1.ImageRemove.$Properties): fairlead.agent.v1.ImageRemove;

                /**
                 * Encodes the specified ImageRemove message. Does not implicitly {@link fairlead.agent.v1.ImageRemove.verify|verify} messages.
                 * @param message ImageRemove message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.ImageRemove.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes an ImageRemove message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.ImageRemove & fairlead.agent.v1.ImageRemove.$Shape} ImageRemove
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.ImageRemove & fairlead.agent.v1.ImageRemove.$Shape;
            }

            namespace ImageRemove {

                /** Properties of an ImageRemove. */
                interface $Properties {

                    /** ImageRemove runtime */
                    runtime?: (string|null);

                    /** ImageRemove image */
                    image?: (string|null);

                    /** ImageRemove force */
                    force?: (boolean|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of an ImageRemove. */
                type $Shape = fairlead.agent.v1.ImageRemove.$Properties;
            }

            /** PruneScope enum. */
            enum PruneScope {

                /** PRUNE_SCOPE_UNSPECIFIED value */
                PRUNE_SCOPE_UNSPECIFIED = 0,

                /** PRUNE_SCOPE_CONTAINERS value */
                PRUNE_SCOPE_CONTAINERS = 1,

                /** PRUNE_SCOPE_DANGLING_IMAGES value */
                PRUNE_SCOPE_DANGLING_IMAGES = 2,

                /** PRUNE_SCOPE_UNUSED_IMAGES value */
                PRUNE_SCOPE_UNUSED_IMAGES = 3,

                /** PRUNE_SCOPE_VOLUMES value */
                PRUNE_SCOPE_VOLUMES = 4,

                /** PRUNE_SCOPE_NETWORKS value */
                PRUNE_SCOPE_NETWORKS = 5,

                /** PRUNE_SCOPE_BUILD_CACHE value */
                PRUNE_SCOPE_BUILD_CACHE = 6
            }

            /**
             * Properties of a RuntimePrune.
             * @deprecated Use fairlead.agent.v1.RuntimePrune.$Properties instead.
             */
            interface IRuntimePrune extends fairlead.agent.v1.RuntimePrune.$Properties {
            }

            /** Represents a RuntimePrune. */
            class RuntimePrune {

                /**
                 * Constructs a new RuntimePrune.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.RuntimePrune.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** RuntimePrune runtime. */
                runtime: string;

                /** RuntimePrune scope. */
                scope: fairlead.agent.v1.PruneScope;

                /**
                 * Creates a new RuntimePrune instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns RuntimePrune instance
                 */
                static create(properties: fairlead.agent.v1.RuntimePrune.$Shape): fairlead.agent.v1.RuntimePrune & fairlead.agent.v1.RuntimePrune.$Shape;
                static create(properties?: fairlead.agent.v1.RuntimePrune.$Properties): fairlead.agent.v1.RuntimePrune;

                /**
                 * Encodes the specified RuntimePrune message. Does not implicitly {@link fairlead.agent.v1.RuntimePrune.verify|verify} messages.
                 * @param message RuntimePrune message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.RuntimePrune.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a RuntimePrune message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.RuntimePrune & fairlead.agent.v1.RuntimePrune.$Shape} RuntimePrune
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.RuntimePrune & fairlead.agent.v1.RuntimePrune.$Shape;
            }

            namespace RuntimePrune {

                /** Properties of a RuntimePrune. */
                interface $Properties {

                    /** RuntimePrune runtime */
                    runtime?: (string|null);

                    /** RuntimePrune scope */
                    scope?: (fairlead.agent.v1.PruneScope|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a RuntimePrune. */
                type $Shape = fairlead.agent.v1.RuntimePrune.$Properties;
            }

            /** SelfTestType enum. */
            enum SelfTestType {

                /** SELF_TEST_TYPE_UNSPECIFIED value */
                SELF_TEST_TYPE_UNSPECIFIED = 0,

                /** SELF_TEST_TYPE_SHORT value */
                SELF_TEST_TYPE_SHORT = 1,

                /** SELF_TEST_TYPE_LONG value */
                SELF_TEST_TYPE_LONG = 2,

                /** SELF_TEST_TYPE_CONVEYANCE value */
                SELF_TEST_TYPE_CONVEYANCE = 3
            }

            /**
             * Properties of a DriveSelfTest.
             * @deprecated Use fairlead.agent.v1.DriveSelfTest.$Properties instead.
             */
            interface IDriveSelfTest extends fairlead.agent.v1.DriveSelfTest.$Properties {
            }

            /** Represents a DriveSelfTest. */
            class DriveSelfTest {

                /**
                 * Constructs a new DriveSelfTest.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.DriveSelfTest.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** DriveSelfTest drive. */
                drive: string;

                /** DriveSelfTest type. */
                type: fairlead.agent.v1.SelfTestType;

                /**
                 * Creates a new DriveSelfTest instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns DriveSelfTest instance
                 */
                static create(properties: fairlead.agent.v1.DriveSelfTest.$Shape): fairlead.agent.v1.DriveSelfTest & fairlead.agent.v1.DriveSelfTest.$Shape;
                static create(properties?: fairlead.agent.v1.DriveSelfTest.$Properties): fairlead.agent.v1.DriveSelfTest;

                /**
                 * Encodes the specified DriveSelfTest message. Does not implicitly {@link fairlead.agent.v1.DriveSelfTest.verify|verify} messages.
                 * @param message DriveSelfTest message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.DriveSelfTest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a DriveSelfTest message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.DriveSelfTest & fairlead.agent.v1.DriveSelfTest.$Shape} DriveSelfTest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.DriveSelfTest & fairlead.agent.v1.DriveSelfTest.$Shape;
            }

            namespace DriveSelfTest {

                /** Properties of a DriveSelfTest. */
                interface $Properties {

                    /** DriveSelfTest drive */
                    drive?: (string|null);

                    /** DriveSelfTest type */
                    type?: (fairlead.agent.v1.SelfTestType|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a DriveSelfTest. */
                type $Shape = fairlead.agent.v1.DriveSelfTest.$Properties;
            }

            /**
             * Properties of a DriveAcknowledge.
             * @deprecated Use fairlead.agent.v1.DriveAcknowledge.$Properties instead.
             */
            interface IDriveAcknowledge extends fairlead.agent.v1.DriveAcknowledge.$Properties {
            }

            /** Represents a DriveAcknowledge. */
            class DriveAcknowledge {

                /**
                 * Constructs a new DriveAcknowledge.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.DriveAcknowledge.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** DriveAcknowledge drive. */
                drive: string;

                /** DriveAcknowledge counters. */
                counters: string[];

                /** DriveAcknowledge reset. */
                reset: boolean;

                /**
                 * Creates a new DriveAcknowledge instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns DriveAcknowledge instance
                 */
                static create(properties: fairlead.agent.v1.DriveAcknowledge.$Shape): fairlead.agent.v1.DriveAcknowledge & fairlead.agent.v1.DriveAcknowledge.$Shape;
                static create(properties?: fairlead.agent.v1.DriveAcknowledge.$Properties): fairlead.agent.v1.DriveAcknowledge;

                /**
                 * Encodes the specified DriveAcknowledge message. Does not implicitly {@link fairlead.agent.v1.DriveAcknowledge.verify|verify} messages.
                 * @param message DriveAcknowledge message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.DriveAcknowledge.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a DriveAcknowledge message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.DriveAcknowledge & fairlead.agent.v1.DriveAcknowledge.$Shape} DriveAcknowledge
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.DriveAcknowledge & fairlead.agent.v1.DriveAcknowledge.$Shape;
            }

            namespace DriveAcknowledge {

                /** Properties of a DriveAcknowledge. */
                interface $Properties {

                    /** DriveAcknowledge drive */
                    drive?: (string|null);

                    /** DriveAcknowledge counters */
                    counters?: (string[]|null);

                    /** DriveAcknowledge reset */
                    reset?: (boolean|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a DriveAcknowledge. */
                type $Shape = fairlead.agent.v1.DriveAcknowledge.$Properties;
            }

            /** ScrubAction enum. */
            enum ScrubAction {

                /** SCRUB_ACTION_UNSPECIFIED value */
                SCRUB_ACTION_UNSPECIFIED = 0,

                /** SCRUB_ACTION_START value */
                SCRUB_ACTION_START = 1,

                /** SCRUB_ACTION_PAUSE value */
                SCRUB_ACTION_PAUSE = 2,

                /** SCRUB_ACTION_STOP value */
                SCRUB_ACTION_STOP = 3
            }

            /**
             * Properties of a PoolScrub.
             * @deprecated Use fairlead.agent.v1.PoolScrub.$Properties instead.
             */
            interface IPoolScrub extends fairlead.agent.v1.PoolScrub.$Properties {
            }

            /** Represents a PoolScrub. */
            class PoolScrub {

                /**
                 * Constructs a new PoolScrub.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.PoolScrub.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** PoolScrub pool. */
                pool: string;

                /** PoolScrub action. */
                action: fairlead.agent.v1.ScrubAction;

                /**
                 * Creates a new PoolScrub instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns PoolScrub instance
                 */
                static create(properties: fairlead.agent.v1.PoolScrub.$Shape): fairlead.agent.v1.PoolScrub & fairlead.agent.v1.PoolScrub.$Shape;
                static create(properties?: fairlead.agent.v1.PoolScrub.$Properties): fairlead.agent.v1.PoolScrub;

                /**
                 * Encodes the specified PoolScrub message. Does not implicitly {@link fairlead.agent.v1.PoolScrub.verify|verify} messages.
                 * @param message PoolScrub message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.PoolScrub.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a PoolScrub message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.PoolScrub & fairlead.agent.v1.PoolScrub.$Shape} PoolScrub
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.PoolScrub & fairlead.agent.v1.PoolScrub.$Shape;
            }

            namespace PoolScrub {

                /** Properties of a PoolScrub. */
                interface $Properties {

                    /** PoolScrub pool */
                    pool?: (string|null);

                    /** PoolScrub action */
                    action?: (fairlead.agent.v1.ScrubAction|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a PoolScrub. */
                type $Shape = fairlead.agent.v1.PoolScrub.$Properties;
            }

            /**
             * Properties of a DatabaseConfigure.
             * @deprecated Use fairlead.agent.v1.DatabaseConfigure.$Properties instead.
             */
            interface IDatabaseConfigure extends fairlead.agent.v1.DatabaseConfigure.$Properties {
            }

            /** Represents a DatabaseConfigure. */
            class DatabaseConfigure {

                /**
                 * Constructs a new DatabaseConfigure.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.DatabaseConfigure.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** DatabaseConfigure database. */
                database: string;

                /** DatabaseConfigure sealed. */
                sealed: Uint8Array;

                /**
                 * Creates a new DatabaseConfigure instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns DatabaseConfigure instance
                 */
                static create(properties: fairlead.agent.v1.DatabaseConfigure.$Shape): fairlead.agent.v1.DatabaseConfigure & fairlead.agent.v1.DatabaseConfigure.$Shape;
                static create(properties?: fairlead.agent.v1.DatabaseConfigure.$Properties): fairlead.agent.v1.DatabaseConfigure;

                /**
                 * Encodes the specified DatabaseConfigure message. Does not implicitly {@link fairlead.agent.v1.DatabaseConfigure.verify|verify} messages.
                 * @param message DatabaseConfigure message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.DatabaseConfigure.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a DatabaseConfigure message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.DatabaseConfigure & fairlead.agent.v1.DatabaseConfigure.$Shape} DatabaseConfigure
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.DatabaseConfigure & fairlead.agent.v1.DatabaseConfigure.$Shape;
            }

            namespace DatabaseConfigure {

                /** Properties of a DatabaseConfigure. */
                interface $Properties {

                    /** DatabaseConfigure database */
                    database?: (string|null);

                    /** DatabaseConfigure sealed */
                    sealed?: (Uint8Array|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a DatabaseConfigure. */
                type $Shape = fairlead.agent.v1.DatabaseConfigure.$Properties;
            }

            /**
             * Properties of a CommandCancel.
             * @deprecated Use fairlead.agent.v1.CommandCancel.$Properties instead.
             */
            interface ICommandCancel extends fairlead.agent.v1.CommandCancel.$Properties {
            }

            /** Represents a CommandCancel. */
            class CommandCancel {

                /**
                 * Constructs a new CommandCancel.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.CommandCancel.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** CommandCancel id. */
                id: string;

                /**
                 * Creates a new CommandCancel instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns CommandCancel instance
                 */
                static create(properties: fairlead.agent.v1.CommandCancel.$Shape): fairlead.agent.v1.CommandCancel & fairlead.agent.v1.CommandCancel.$Shape;
                static create(properties?: fairlead.agent.v1.CommandCancel.$Properties): fairlead.agent.v1.CommandCancel;

                /**
                 * Encodes the specified CommandCancel message. Does not implicitly {@link fairlead.agent.v1.CommandCancel.verify|verify} messages.
                 * @param message CommandCancel message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.CommandCancel.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a CommandCancel message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.CommandCancel & fairlead.agent.v1.CommandCancel.$Shape} CommandCancel
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.CommandCancel & fairlead.agent.v1.CommandCancel.$Shape;
            }

            namespace CommandCancel {

                /** Properties of a CommandCancel. */
                interface $Properties {

                    /** CommandCancel id */
                    id?: (string|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a CommandCancel. */
                type $Shape = fairlead.agent.v1.CommandCancel.$Properties;
            }

            /**
             * Properties of a CommandConfirm.
             * @deprecated Use fairlead.agent.v1.CommandConfirm.$Properties instead.
             */
            interface ICommandConfirm extends fairlead.agent.v1.CommandConfirm.$Properties {
            }

            /** Represents a CommandConfirm. */
            class CommandConfirm {

                /**
                 * Constructs a new CommandConfirm.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.CommandConfirm.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** CommandConfirm id. */
                id: string;

                /**
                 * Creates a new CommandConfirm instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns CommandConfirm instance
                 */
                static create(properties: fairlead.agent.v1.CommandConfirm.$Shape): fairlead.agent.v1.CommandConfirm & fairlead.agent.v1.CommandConfirm.$Shape;
                static create(properties?: fairlead.agent.v1.CommandConfirm.$Properties): fairlead.agent.v1.CommandConfirm;

                /**
                 * Encodes the specified CommandConfirm message. Does not implicitly {@link fairlead.agent.v1.CommandConfirm.verify|verify} messages.
                 * @param message CommandConfirm message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.CommandConfirm.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a CommandConfirm message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.CommandConfirm & fairlead.agent.v1.CommandConfirm.$Shape} CommandConfirm
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.CommandConfirm & fairlead.agent.v1.CommandConfirm.$Shape;
            }

            namespace CommandConfirm {

                /** Properties of a CommandConfirm. */
                interface $Properties {

                    /** CommandConfirm id */
                    id?: (string|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a CommandConfirm. */
                type $Shape = fairlead.agent.v1.CommandConfirm.$Properties;
            }

            /** CommandState enum. */
            enum CommandState {

                /** COMMAND_STATE_UNSPECIFIED value */
                COMMAND_STATE_UNSPECIFIED = 0,

                /** COMMAND_STATE_ACCEPTED value */
                COMMAND_STATE_ACCEPTED = 1,

                /** COMMAND_STATE_RUNNING value */
                COMMAND_STATE_RUNNING = 2
            }

            /**
             * Properties of a CommandProgress.
             * @deprecated Use fairlead.agent.v1.CommandProgress.$Properties instead.
             */
            interface ICommandProgress extends fairlead.agent.v1.CommandProgress.$Properties {
            }

            /** Represents a CommandProgress. */
            class CommandProgress {

                /**
                 * Constructs a new CommandProgress.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.CommandProgress.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** CommandProgress id. */
                id: string;

                /** CommandProgress state. */
                state: fairlead.agent.v1.CommandState;

                /** CommandProgress phase. */
                phase: string;

                /** CommandProgress message. */
                message: string;

                /** CommandProgress percent. */
                percent: number;

                /** CommandProgress timeUnixMs. */
                timeUnixMs: number;

                /**
                 * Creates a new CommandProgress instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns CommandProgress instance
                 */
                static create(properties: fairlead.agent.v1.CommandProgress.$Shape): fairlead.agent.v1.CommandProgress & fairlead.agent.v1.CommandProgress.$Shape;
                static create(properties?: fairlead.agent.v1.CommandProgress.$Properties): fairlead.agent.v1.CommandProgress;

                /**
                 * Encodes the specified CommandProgress message. Does not implicitly {@link fairlead.agent.v1.CommandProgress.verify|verify} messages.
                 * @param message CommandProgress message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.CommandProgress.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a CommandProgress message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.CommandProgress & fairlead.agent.v1.CommandProgress.$Shape} CommandProgress
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.CommandProgress & fairlead.agent.v1.CommandProgress.$Shape;
            }

            namespace CommandProgress {

                /** Properties of a CommandProgress. */
                interface $Properties {

                    /** CommandProgress id */
                    id?: (string|null);

                    /** CommandProgress state */
                    state?: (fairlead.agent.v1.CommandState|null);

                    /** CommandProgress phase */
                    phase?: (string|null);

                    /** CommandProgress message */
                    message?: (string|null);

                    /** CommandProgress percent */
                    percent?: (number|null);

                    /** CommandProgress timeUnixMs */
                    timeUnixMs?: (number|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a CommandProgress. */
                type $Shape = fairlead.agent.v1.CommandProgress.$Properties;
            }

            /** CommandStatus enum. */
            enum CommandStatus {

                /** COMMAND_STATUS_UNSPECIFIED value */
                COMMAND_STATUS_UNSPECIFIED = 0,

                /** COMMAND_STATUS_SUCCEEDED value */
                COMMAND_STATUS_SUCCEEDED = 1,

                /** COMMAND_STATUS_FAILED value */
                COMMAND_STATUS_FAILED = 2,

                /** COMMAND_STATUS_ROLLED_BACK value */
                COMMAND_STATUS_ROLLED_BACK = 3,

                /** COMMAND_STATUS_EXPIRED value */
                COMMAND_STATUS_EXPIRED = 4,

                /** COMMAND_STATUS_CANCELLED value */
                COMMAND_STATUS_CANCELLED = 5
            }

            /**
             * Properties of a CommandResult.
             * @deprecated Use fairlead.agent.v1.CommandResult.$Properties instead.
             */
            interface ICommandResult extends fairlead.agent.v1.CommandResult.$Properties {
            }

            /** Represents a CommandResult. */
            class CommandResult {

                /**
                 * Constructs a new CommandResult.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.CommandResult.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** CommandResult id. */
                id: string;

                /** CommandResult status. */
                status: fairlead.agent.v1.CommandStatus;

                /** CommandResult reason. */
                reason: string;

                /** CommandResult startedUnixMs. */
                startedUnixMs: number;

                /** CommandResult finishedUnixMs. */
                finishedUnixMs: number;

                /** CommandResult outputJson. */
                outputJson: string;

                /** CommandResult phases. */
                phases: fairlead.agent.v1.CommandProgress.$Properties[];

                /**
                 * Creates a new CommandResult instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns CommandResult instance
                 */
                static create(properties: fairlead.agent.v1.CommandResult.$Shape): fairlead.agent.v1.CommandResult & fairlead.agent.v1.CommandResult.$Shape;
                static create(properties?: fairlead.agent.v1.CommandResult.$Properties): fairlead.agent.v1.CommandResult;

                /**
                 * Encodes the specified CommandResult message. Does not implicitly {@link fairlead.agent.v1.CommandResult.verify|verify} messages.
                 * @param message CommandResult message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.CommandResult.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a CommandResult message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.CommandResult & fairlead.agent.v1.CommandResult.$Shape} CommandResult
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.CommandResult & fairlead.agent.v1.CommandResult.$Shape;
            }

            namespace CommandResult {

                /** Properties of a CommandResult. */
                interface $Properties {

                    /** CommandResult id */
                    id?: (string|null);

                    /** CommandResult status */
                    status?: (fairlead.agent.v1.CommandStatus|null);

                    /** CommandResult reason */
                    reason?: (string|null);

                    /** CommandResult startedUnixMs */
                    startedUnixMs?: (number|null);

                    /** CommandResult finishedUnixMs */
                    finishedUnixMs?: (number|null);

                    /** CommandResult outputJson */
                    outputJson?: (string|null);

                    /** CommandResult phases */
                    phases?: (fairlead.agent.v1.CommandProgress.$Properties[]|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a CommandResult. */
                type $Shape = fairlead.agent.v1.CommandResult.$Properties;
            }

            /**
             * Properties of a LogOpen.
             * @deprecated Use fairlead.agent.v1.LogOpen.$Properties instead.
             */
            interface ILogOpen extends fairlead.agent.v1.LogOpen.$Properties {
            }

            /** Represents a LogOpen. */
            class LogOpen {

                /**
                 * Constructs a new LogOpen.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.LogOpen.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** LogOpen id. */
                id: string;

                /** LogOpen container. */
                container: string;

                /** LogOpen tail. */
                tail: number;

                /** LogOpen sinceUnixMs. */
                sinceUnixMs: number;

                /** LogOpen follow. */
                follow: boolean;

                /**
                 * Creates a new LogOpen instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns LogOpen instance
                 */
                static create(properties: fairlead.agent.v1.LogOpen.$Shape): fairlead.agent.v1.LogOpen & fairlead.agent.v1.LogOpen.$Shape;
                static create(properties?: fairlead.agent.v1.LogOpen.$Properties): fairlead.agent.v1.LogOpen;

                /**
                 * Encodes the specified LogOpen message. Does not implicitly {@link fairlead.agent.v1.LogOpen.verify|verify} messages.
                 * @param message LogOpen message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.LogOpen.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a LogOpen message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.LogOpen & fairlead.agent.v1.LogOpen.$Shape} LogOpen
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.LogOpen & fairlead.agent.v1.LogOpen.$Shape;
            }

            namespace LogOpen {

                /** Properties of a LogOpen. */
                interface $Properties {

                    /** LogOpen id */
                    id?: (string|null);

                    /** LogOpen container */
                    container?: (string|null);

                    /** LogOpen tail */
                    tail?: (number|null);

                    /** LogOpen sinceUnixMs */
                    sinceUnixMs?: (number|null);

                    /** LogOpen follow */
                    follow?: (boolean|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a LogOpen. */
                type $Shape = fairlead.agent.v1.LogOpen.$Properties;
            }

            /**
             * Properties of a LogClose.
             * @deprecated Use fairlead.agent.v1.LogClose.$Properties instead.
             */
            interface ILogClose extends fairlead.agent.v1.LogClose.$Properties {
            }

            /** Represents a LogClose. */
            class LogClose {

                /**
                 * Constructs a new LogClose.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.LogClose.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** LogClose id. */
                id: string;

                /**
                 * Creates a new LogClose instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns LogClose instance
                 */
                static create(properties: fairlead.agent.v1.LogClose.$Shape): fairlead.agent.v1.LogClose & fairlead.agent.v1.LogClose.$Shape;
                static create(properties?: fairlead.agent.v1.LogClose.$Properties): fairlead.agent.v1.LogClose;

                /**
                 * Encodes the specified LogClose message. Does not implicitly {@link fairlead.agent.v1.LogClose.verify|verify} messages.
                 * @param message LogClose message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.LogClose.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a LogClose message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.LogClose & fairlead.agent.v1.LogClose.$Shape} LogClose
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.LogClose & fairlead.agent.v1.LogClose.$Shape;
            }

            namespace LogClose {

                /** Properties of a LogClose. */
                interface $Properties {

                    /** LogClose id */
                    id?: (string|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a LogClose. */
                type $Shape = fairlead.agent.v1.LogClose.$Properties;
            }

            /**
             * Properties of a LogMore.
             * @deprecated Use fairlead.agent.v1.LogMore.$Properties instead.
             */
            interface ILogMore extends fairlead.agent.v1.LogMore.$Properties {
            }

            /** Represents a LogMore. */
            class LogMore {

                /**
                 * Constructs a new LogMore.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.LogMore.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** LogMore id. */
                id: string;

                /** LogMore bytes. */
                bytes: number;

                /**
                 * Creates a new LogMore instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns LogMore instance
                 */
                static create(properties: fairlead.agent.v1.LogMore.$Shape): fairlead.agent.v1.LogMore & fairlead.agent.v1.LogMore.$Shape;
                static create(properties?: fairlead.agent.v1.LogMore.$Properties): fairlead.agent.v1.LogMore;

                /**
                 * Encodes the specified LogMore message. Does not implicitly {@link fairlead.agent.v1.LogMore.verify|verify} messages.
                 * @param message LogMore message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.LogMore.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a LogMore message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.LogMore & fairlead.agent.v1.LogMore.$Shape} LogMore
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.LogMore & fairlead.agent.v1.LogMore.$Shape;
            }

            namespace LogMore {

                /** Properties of a LogMore. */
                interface $Properties {

                    /** LogMore id */
                    id?: (string|null);

                    /** LogMore bytes */
                    bytes?: (number|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a LogMore. */
                type $Shape = fairlead.agent.v1.LogMore.$Properties;
            }

            /**
             * Properties of a LogChunk.
             * @deprecated Use fairlead.agent.v1.LogChunk.$Properties instead.
             */
            interface ILogChunk extends fairlead.agent.v1.LogChunk.$Properties {
            }

            /** Represents a LogChunk. */
            class LogChunk {

                /**
                 * Constructs a new LogChunk.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: fairlead.agent.v1.LogChunk.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** LogChunk commandId. */
                commandId: string;

                /** LogChunk data. */
                data: Uint8Array;

                /** LogChunk stream. */
                stream: string;

                /** LogChunk end. */
                end: boolean;

                /** LogChunk error. */
                error: string;

                /** LogChunk skippedLines. */
                skippedLines: number;

                /** LogChunk lineStreams. */
                lineStreams: Uint8Array;

                /**
                 * Creates a new LogChunk instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns LogChunk instance
                 */
                static create(properties: fairlead.agent.v1.LogChunk.$Shape): fairlead.agent.v1.LogChunk & fairlead.agent.v1.LogChunk.$Shape;
                static create(properties?: fairlead.agent.v1.LogChunk.$Properties): fairlead.agent.v1.LogChunk;

                /**
                 * Encodes the specified LogChunk message. Does not implicitly {@link fairlead.agent.v1.LogChunk.verify|verify} messages.
                 * @param message LogChunk message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: fairlead.agent.v1.LogChunk.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a LogChunk message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {fairlead.agent.v1.LogChunk & fairlead.agent.v1.LogChunk.$Shape} LogChunk
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): fairlead.agent.v1.LogChunk & fairlead.agent.v1.LogChunk.$Shape;
            }

            namespace LogChunk {

                /** Properties of a LogChunk. */
                interface $Properties {

                    /** LogChunk commandId */
                    commandId?: (string|null);

                    /** LogChunk data */
                    data?: (Uint8Array|null);

                    /** LogChunk stream */
                    stream?: (string|null);

                    /** LogChunk end */
                    end?: (boolean|null);

                    /** LogChunk error */
                    error?: (string|null);

                    /** LogChunk skippedLines */
                    skippedLines?: (number|null);

                    /** LogChunk lineStreams */
                    lineStreams?: (Uint8Array|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a LogChunk. */
                type $Shape = fairlead.agent.v1.LogChunk.$Properties;
            }
        }
    }
}

export import pb = fairlead.agent.v1;
