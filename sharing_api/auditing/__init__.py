"""The auditor's questions: rules over the access log, findings, searches, exports and reports.

The log names no data subject; the rules do with what it holds, with the tags of officers whose
numbers their agencies filed, and with what was done before, hour by hour (docs/auditing.md).
"""
