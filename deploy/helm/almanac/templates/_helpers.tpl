{{- define "almanac.fullname" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "almanac.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{/* Labels that select pods. Argument: dict root, component. */}}
{{- define "almanac.selector" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- define "almanac.labels" -}}
{{ include "almanac.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end -}}

{{/* A variable from an existing Secret, unless that is null. Argument: dict name, from. */}}
{{- define "almanac.secret" -}}
{{- with .from }}
- name: {{ $.name }}
  valueFrom:
    secretKeyRef: { name: {{ .name }}, key: {{ .key }} }
{{- end }}
{{- end -}}

{{- define "almanac.settings" -}}
{{- range $name, $value := .Values.settings }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- end -}}

{{/* The connection to Temporal. The Worker Controller injects it by itself. */}}
{{- define "almanac.temporal" -}}
- name: TEMPORAL_ADDRESS
  value: {{ .Values.temporal.address | quote }}
- name: TEMPORAL_NAMESPACE
  value: {{ .Values.temporal.namespace | quote }}
{{- with .Values.temporal.tls }}
{{- if or .enabled .clientCertificateSecret }}
- name: TEMPORAL_TLS
  value: 'true'
{{- end }}
{{- if .serverName }}
- name: TEMPORAL_TLS_SERVER_NAME
  value: {{ .serverName | quote }}
{{- end }}
{{- if .clientCertificateSecret }}
- name: TEMPORAL_TLS_CLIENT_CERT_PATH
  value: /etc/temporal/tls/tls.crt
- name: TEMPORAL_TLS_CLIENT_KEY_PATH
  value: /etc/temporal/tls/tls.key
{{- end }}
{{- end }}
{{- include "almanac.secret" (dict "name" "TEMPORAL_API_KEY" "from" .Values.secrets.temporalApiKey) }}
{{- end -}}

{{/* Secrets of workers and of the API besides their logins. */}}
{{- define "almanac.secrets" -}}
{{- with .Values.secrets }}
{{- include "almanac.secret" (dict "name" "TOKEN_ENCRYPTION_KEY" "from" .tokenEncryptionKey) }}
{{- include "almanac.secret" (dict "name" "GOOGLE_CLIENT_ID" "from" .googleClientId) }}
{{- include "almanac.secret" (dict "name" "GOOGLE_CLIENT_SECRET" "from" .googleClientSecret) }}
{{- include "almanac.secret" (dict "name" "NOTIFIER_WEBHOOK_URL" "from" .notifierWebhookUrl) }}
{{- include "almanac.secret" (dict "name" "SMTP_URL" "from" .smtpUrl) }}
{{- include "almanac.secret" (dict "name" "NARRATIVE_API_KEY" "from" .narrativeApiKey) }}
{{- end }}
{{- end -}}

{{/* The pod of every process. Argument: dict root, component, restartPolicy, container (YAML), graceSeconds, tls. */}}
{{- define "almanac.pod" -}}
metadata:
  labels:
    {{- include "almanac.labels" . | nindent 4 }}
  {{- with .root.Values.podAnnotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  automountServiceAccountToken: false
  enableServiceLinks: false
  restartPolicy: {{ .restartPolicy | default "Always" }}
  {{- if .serviceAccount }}
  serviceAccountName: {{ include "almanac.fullname" .root }}
  {{- end }}
  {{- with .root.Values.image.pullSecrets }}
  imagePullSecrets:
    {{- range . }}
    - name: {{ . }}
    {{- end }}
  {{- end }}
  terminationGracePeriodSeconds: {{ .graceSeconds }}
  securityContext:
    runAsNonRoot: true
    # The image's user node.
    runAsUser: 1000
    runAsGroup: 1000
    fsGroup: 1000
    seccompProfile: { type: RuntimeDefault }
  {{- if .spread }}
  topologySpreadConstraints:
    {{- range tuple "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
    - maxSkew: 1
      topologyKey: {{ . }}
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "almanac.selector" $ | nindent 10 }}
    {{- end }}
  {{- end }}
  {{- with .root.Values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .root.Values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  containers:
    - image: {{ include "almanac.image" .root }}
      imagePullPolicy: {{ .root.Values.image.pullPolicy }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities: { drop: [ALL] }
      {{- .container | nindent 6 }}
      volumeMounts:
        - { name: tmp, mountPath: /tmp }
        {{- if and .tls .root.Values.temporal.tls.clientCertificateSecret }}
        - { name: temporal-client, mountPath: /etc/temporal/tls, readOnly: true }
        {{- end }}
  volumes:
    - name: tmp
      emptyDir: { sizeLimit: 256Mi }
    {{- if and .tls .root.Values.temporal.tls.clientCertificateSecret }}
    - name: temporal-client
      secret:
        secretName: {{ .root.Values.temporal.tls.clientCertificateSecret }}
        defaultMode: 0440
    {{- end }}
{{- end -}}

{{/* The container of a worker. Argument: dict root, queue (empty: every queue), resources, temporal. */}}
{{- define "almanac.worker" -}}
name: worker
args: [worker]
env:
  {{- with .root }}
  {{- include "almanac.settings" . | nindent 2 }}
  {{- include "almanac.secret" (dict "name" "DATABASE_URL" "from" .Values.secrets.workerDatabaseUrl) | nindent 2 }}
  {{- include "almanac.secrets" . | nindent 2 }}
  {{- end }}
  {{- if .queue }}
  - name: WORKER_TASK_QUEUES
    value: {{ .queue }}
  {{- end }}
  {{- if .temporal }}
  {{- include "almanac.temporal" .root | nindent 2 }}
  {{- end }}
ports:
  - { name: health, containerPort: 8081 }
  - { name: metrics, containerPort: 9464 }
# The process connects to Temporal before it serves its probes, however long that takes.
startupProbe:
  httpGet: { path: /livez, port: health }
  periodSeconds: 5
  failureThreshold: 60
livenessProbe:
  httpGet: { path: /livez, port: health }
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
readinessProbe:
  httpGet: { path: /readyz, port: health }
  periodSeconds: 10
  timeoutSeconds: 5
resources:
  {{- toYaml .resources | nindent 2 }}
{{- end -}}

{{/* A HorizontalPodAutoscaler's spec without its target. Argument: dict root, replicas. */}}
{{- define "almanac.cpu" -}}
minReplicas: {{ .replicas.min }}
maxReplicas: {{ .replicas.max }}
metrics:
  - type: Resource
    resource:
      name: cpu
      target: { type: Utilization, averageUtilization: {{ .root.Values.autoscaling.cpuPercent }} }
{{- end -}}

{{/* At least one replica stays. Argument: dict root, component, name. */}}
{{- define "almanac.disruption" -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ .name }}
  labels:
    {{- include "almanac.labels" . | nindent 4 }}
spec:
  # A share, so that a single replica does not hold up the draining of a node.
  maxUnavailable: 50%
  selector:
    matchLabels:
      {{- include "almanac.selector" . | nindent 6 }}
{{- end -}}
