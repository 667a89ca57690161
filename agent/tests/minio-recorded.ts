/**
 * What a real MinIO answered: built with Go from its source of 2026-02-12 (RELEASE.2026-02-12T20-18-48Z), on Linux, asked by curl
 * with the token of `mc admin prometheus generate`. Lines of metrics that nobody reads are left out, but for a few; no line
 * was changed.
 */

/** /minio/v2/metrics/cluster: one drive, two buckets, some requests. */
export const oneDrive = `# HELP minio_cluster_bucket_total Total number of buckets in the cluster
# TYPE minio_cluster_bucket_total gauge
minio_cluster_bucket_total{server="127.0.0.1:19000"} 2
minio_cluster_capacity_raw_free_bytes{server="127.0.0.1:19000"} 6.212984832e+10
minio_cluster_capacity_usable_free_bytes{server="127.0.0.1:19000"} 6.212984832e+10
minio_cluster_capacity_usable_total_bytes{server="127.0.0.1:19000"} 9.7793294336e+10
minio_cluster_drive_offline_total{server="127.0.0.1:19000"} 0
minio_cluster_drive_online_total{server="127.0.0.1:19000"} 1
minio_cluster_health_erasure_set_online_drives{pool="0",server="127.0.0.1:19000",set="0"} 1
minio_cluster_health_status{server="127.0.0.1:19000"} 1
minio_cluster_nodes_offline_total{server="127.0.0.1:19000"} 0
minio_cluster_nodes_online_total{server="127.0.0.1:19000"} 1
minio_cluster_usage_object_total{server="127.0.0.1:19000"} 3
minio_cluster_usage_total_bytes{server="127.0.0.1:19000"} 900000
minio_cluster_write_quorum{server="127.0.0.1:19000"} 1
minio_node_io_read_bytes{server="127.0.0.1:19000"} 2.3097344e+07
minio_node_io_write_bytes{server="127.0.0.1:19000"} 483328
minio_node_process_resident_memory_bytes{server="127.0.0.1:19000"} 1.27217664e+08
minio_node_process_starttime_seconds{server="127.0.0.1:19000"} 1.79543442243e+09
minio_node_process_uptime_seconds{server="127.0.0.1:19000"} 4.088616574
minio_node_scanner_objects_scanned{server="127.0.0.1:19000"} 0
minio_s3_requests_4xx_errors_total{api="getbucketobjectlockconfig",server="127.0.0.1:19000"} 1
minio_s3_requests_4xx_errors_total{api="headobject",server="127.0.0.1:19000"} 1
minio_s3_requests_incoming_total{server="127.0.0.1:19000"} 10
minio_s3_requests_inflight_total{api="getbucketlocation",server="127.0.0.1:19000"} 0
minio_s3_requests_inflight_total{api="getbucketobjectlockconfig",server="127.0.0.1:19000"} 0
minio_s3_requests_inflight_total{api="getobject",server="127.0.0.1:19000"} 0
minio_s3_requests_inflight_total{api="headobject",server="127.0.0.1:19000"} 0
minio_s3_requests_inflight_total{api="listobjectsv2",server="127.0.0.1:19000"} 0
minio_s3_requests_inflight_total{api="putobject",server="127.0.0.1:19000"} 0
minio_s3_requests_rejected_auth_total{server="127.0.0.1:19000"} 0
minio_s3_requests_rejected_header_total{server="127.0.0.1:19000"} 0
minio_s3_requests_rejected_invalid_total{server="127.0.0.1:19000"} 0
minio_s3_requests_rejected_timestamp_total{server="127.0.0.1:19000"} 0
# HELP minio_s3_requests_total Total number of S3 requests
# TYPE minio_s3_requests_total counter
minio_s3_requests_total{api="getbucketlocation",server="127.0.0.1:19000"} 3
minio_s3_requests_total{api="getbucketobjectlockconfig",server="127.0.0.1:19000"} 1
minio_s3_requests_total{api="getobject",server="127.0.0.1:19000"} 1
minio_s3_requests_total{api="headobject",server="127.0.0.1:19000"} 2
minio_s3_requests_total{api="listobjectsv2",server="127.0.0.1:19000"} 2
minio_s3_requests_total{api="putobject",server="127.0.0.1:19000"} 1
minio_s3_requests_waiting_total{server="127.0.0.1:19000"} 0
minio_s3_traffic_received_bytes{server="127.0.0.1:19000"} 300535
minio_s3_traffic_sent_bytes{server="127.0.0.1:19000"} 301325
minio_software_commit_info{commit="7aac2a2c5b7c",server="127.0.0.1:19000"} 0
minio_software_version_info{server="127.0.0.1:19000",version="2026-02-12T20:18:48Z"} 0
`;

/** /minio/v2/metrics/bucket of the same server. */
export const buckets = `minio_bucket_traffic_received_bytes{bucket="logs",server="127.0.0.1:19000"} 300535
minio_bucket_usage_object_total{bucket="logs",server="127.0.0.1:19000"} 1
minio_bucket_usage_object_total{bucket="photos",server="127.0.0.1:19000"} 2
# HELP minio_bucket_usage_total_bytes Total bucket size in bytes
# TYPE minio_bucket_usage_total_bytes gauge
minio_bucket_usage_total_bytes{bucket="logs",server="127.0.0.1:19000"} 300000
minio_bucket_usage_total_bytes{bucket="photos",server="127.0.0.1:19000"} 600000
minio_bucket_usage_version_total{bucket="logs",server="127.0.0.1:19000"} 0
minio_bucket_usage_version_total{bucket="photos",server="127.0.0.1:19000"} 0
`;

/** /minio/v2/metrics/cluster: four drives, in place of one of which there is a file; a minute after that. */
export const driveOffline = `minio_cluster_bucket_total{server="127.0.0.1:19004"} 3
minio_cluster_capacity_usable_free_bytes{server="127.0.0.1:19004"} 1.22672119808e+11
minio_cluster_capacity_usable_total_bytes{server="127.0.0.1:19004"} 1.95586588672e+11
minio_cluster_drive_offline_total{server="127.0.0.1:19004"} 1
minio_cluster_drive_online_total{server="127.0.0.1:19004"} 3
minio_cluster_health_status{server="127.0.0.1:19004"} 1
minio_cluster_nodes_offline_total{server="127.0.0.1:19004"} 0
minio_cluster_nodes_online_total{server="127.0.0.1:19004"} 1
minio_cluster_usage_object_total{server="127.0.0.1:19004"} 7
minio_cluster_usage_total_bytes{server="127.0.0.1:19004"} 2.1e+06
minio_cluster_write_quorum{server="127.0.0.1:19004"} 3
minio_software_version_info{server="127.0.0.1:19004",version="2026-02-12T20:18:48Z"} 0
`;

/** The same with two such drives. */
export const noQuorum = `minio_cluster_bucket_total{server="127.0.0.1:19004"} 3
minio_cluster_capacity_usable_free_bytes{server="127.0.0.1:19004"} 1.23989745664e+11
minio_cluster_capacity_usable_total_bytes{server="127.0.0.1:19004"} 1.95586588672e+11
minio_cluster_drive_offline_total{server="127.0.0.1:19004"} 2
minio_cluster_drive_online_total{server="127.0.0.1:19004"} 2
minio_cluster_health_status{server="127.0.0.1:19004"} 0
minio_cluster_nodes_offline_total{server="127.0.0.1:19004"} 0
minio_cluster_nodes_online_total{server="127.0.0.1:19004"} 1
minio_cluster_usage_object_total{server="127.0.0.1:19004"} 7
minio_cluster_usage_total_bytes{server="127.0.0.1:19004"} 2.1e+06
minio_cluster_write_quorum{server="127.0.0.1:19004"} 3
minio_software_version_info{server="127.0.0.1:19004",version="2026-02-12T20:18:48Z"} 0
`;

/** Headers of /minio/health/cluster then, with status 503. */
export const noQuorumHealth = {
  server: "MinIO",
  "x-minio-storage-class-defaults": "false",
  "x-minio-write-quorum": "3",
};

/** Headers of /minio/health/cluster, with 503, of one that was started with three of its four drives away; live says 200. */
export const startingHealth = { server: "MinIO", "x-minio-server-status": "offline" };

/** The body with 403 of one that wants a token and gets none, or a wrong one. */
export const denied = `{"Code":"AccessDenied","Message":"Access Denied. (Authentication failed, check your access credentials)","Resource":"/minio/v2/metrics/cluster","RequestId":"18EAA86F8D81636F","HostId":"470a0afc0f6fdbebb6a8e14ece29122784c0656e19563387135a7c8e02feb163"}`;
