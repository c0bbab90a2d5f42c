"""What a check means: states, findings, severities, health. The only part of this slice that other slices import."""
