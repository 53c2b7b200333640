package dev.workflow.travel.place;

/** A point on the globe, in degrees: north and east are positive. */
public record GeoPoint(double latitude, double longitude) {
  /** Mean radius of the WGS 84 ellipsoid, (2a + b) / 3, in kilometres. */
  static final double MEAN_RADIUS_KM = 6371.0088;

  public GeoPoint {
    if (!(Math.abs(latitude) <= 90) || !(Math.abs(longitude) <= 180)) {
      throw new IllegalArgumentException(
          "expected latitude within 90 and longitude within 180 degrees, found %s, %s"
              .formatted(latitude, longitude));
    }
  }

  /**
   * Length of the great circle to {@code other} in kilometres, by the haversine formula on a sphere
   * of the mean radius. Against the ellipsoid it is off by at most 0.6 %.
   */
  public double distanceKm(GeoPoint other) {
    double phi1 = Math.toRadians(latitude);
    double phi2 = Math.toRadians(other.latitude);
    double sinPhi = Math.sin((phi2 - phi1) / 2);
    double sinLambda = Math.sin(Math.toRadians(other.longitude - longitude) / 2);
    double h = sinPhi * sinPhi + Math.cos(phi1) * Math.cos(phi2) * sinLambda * sinLambda;
    return 2 * MEAN_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(h)));
  }
}
