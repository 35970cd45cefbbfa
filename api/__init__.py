"""The programming interface: serializers and viewsets that call the rooms' services, without rules of its own."""
