"""The talking door: Socket.IO rooms, presence and live market channels. Thin."""
